"""When and how things run: jobs, the refresh, the confirmation email, alerts, runs in process."""
