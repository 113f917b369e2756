"""The API as a whole: described, kept, and able to do what the pages can."""
