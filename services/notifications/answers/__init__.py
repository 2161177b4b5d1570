"""What comes back: somebody pressed the button or replied, a provider wrote, a mail bounced."""
