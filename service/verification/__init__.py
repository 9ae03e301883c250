"""What a claim says otherwise than the sentences it rests on; see `service.verify`."""
