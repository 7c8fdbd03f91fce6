"""Services that are spoken to in their own language: what is known of them, and what their
providers have in common. It knows no service's bodies."""
