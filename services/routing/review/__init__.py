"""Rules looked at by people before they hold: mistakes found over all cases, one case explained, two sets of rules compared."""
