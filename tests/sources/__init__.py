"""Files of any form to captures."""
