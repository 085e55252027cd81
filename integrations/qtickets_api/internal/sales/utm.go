package sales

import (
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// UTM is the order's campaign marks, trimmed and lower-cased so that "VK " and "vk" are one source;
// "" means the mark was not set.
type UTM struct {
	Source, Medium, Campaign, Content, Term string
}

func utmOf(raw qtickets.UTM) UTM {
	mark := func(key string) string { return strings.ToLower(strings.TrimSpace(raw[key])) }
	return UTM{
		Source:   mark("utm_source"),
		Medium:   mark("utm_medium"),
		Campaign: mark("utm_campaign"),
		Content:  mark("utm_content"),
		Term:     mark("utm_term"),
	}
}
