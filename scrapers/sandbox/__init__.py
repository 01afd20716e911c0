"""Parse pages in a child process that can be stopped."""
