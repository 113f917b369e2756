"""What people type about goals: parsed here and worded here; judged by the services."""
