"""Tests that span apps: architecture, browser journeys, and the world they share."""
