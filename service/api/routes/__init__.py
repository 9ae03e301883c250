"""The routes: each parses, calls the backend, and maps what comes back."""
