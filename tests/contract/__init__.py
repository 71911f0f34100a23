"""What the services promise over real HTTP, each running as its own process."""
