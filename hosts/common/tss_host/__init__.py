"""What both kinds of host share: settings, kill switch, metrics, health, and the guard that lets one host trade at a time."""
