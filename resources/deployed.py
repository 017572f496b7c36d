"""Where things are is said by the code and the environment, never by a run's config."""

from collections.abc import Mapping
from typing import Any

import dagster as dg


def as_deployed(resources: Mapping[str, Any]) -> dict[str, Any]:
    """The resources with their settings as they are: a run that brings others is refused.

    Whoever reaches Dagster's pages gives a run its config, and so does any web page that is open
    in a browser which reaches them. A config that named the snapshot store sent it a practice's
    clients and pets; one that named the mail server sent it the login.
    """
    return {
        name: _fixed(one) if isinstance(one, dg.ConfigurableResource) else one
        for name, one in resources.items()
    }


def _fixed(resource: dg.ConfigurableResource[Any]) -> dg.ResourceDefinition:
    return dg.ResourceDefinition(
        resource_fn=lambda _: resource, config_schema={}, description=resource.__doc__
    )
