package sales

import (
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// UTM is the order's UTM parameters, trimmed and lower-cased so that "VK " and "vk" are one source;
// "" means the parameter was not set.
type UTM struct {
	Source, Medium, Campaign, Content, Term string
}

func utmOf(raw qtickets.UTM) UTM {
	parameter := func(key string) string { return strings.ToLower(strings.TrimSpace(raw[key])) }
	return UTM{
		Source:   parameter("utm_source"),
		Medium:   parameter("utm_medium"),
		Campaign: parameter("utm_campaign"),
		Content:  parameter("utm_content"),
		Term:     parameter("utm_term"),
	}
}
