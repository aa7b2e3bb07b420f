"""Every write to appointments and visits."""
