package serve

import "regexp"

// address is an IPv4 or IPv6 address with its port, as net/http prints it.
var address = regexp.MustCompile(`(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:.%a-z]+\]):\d+`)

func withoutAddress(text string) string { return address.ReplaceAllString(text, "…") }
