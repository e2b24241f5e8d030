module tandem.dev/supply/pause

go 1.26.0
