"""Traces within a limit of address space: each engine of Unicorn reserves more of it than a build's tools may take."""

import resource

from iree_baremetal.plan import trace


def test_a_trace_lifts_the_limit_of_address_space():
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (64 << 30 if hard == resource.RLIM_INFINITY else hard, hard))
    try:
        trace._lift_limit()
        assert resource.getrlimit(resource.RLIMIT_AS) == (hard, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
