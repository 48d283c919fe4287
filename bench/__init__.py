"""Long measurements. What the program sets before it loads anything (``config``) is set here as early."""

import config as config
