"""All paths of the hostile site."""

from __future__ import annotations

from tests.support.hostile_content import CONTENT
from tests.support.hostile_feeds import FEEDS
from tests.support.hostile_further import FURTHER
from tests.support.hostile_network import NETWORK
from tests.support.hostile_servers import SERVERS

PATHS = (*NETWORK, *CONTENT, *FEEDS, *SERVERS, *FURTHER)
