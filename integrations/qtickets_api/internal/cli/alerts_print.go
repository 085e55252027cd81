package cli

import (
	"encoding/json"
	"fmt"
	"io"

	"dashboard-mvp/integrations/qtickets_api/internal/alert"
)

// printAlerts prints a line per rule, then what was sent; problems go to stderr.
func printAlerts(a *app, r *alert.Report, asJSON bool) error {
	for _, p := range r.Problems {
		fmt.Fprintf(a.Stderr, "qtickets_api: %s\n", a.say(p))
	}
	for _, n := range r.Messages.Notes {
		fmt.Fprintf(a.Stderr, "qtickets_api: %s\n", a.say(n))
	}
	if asJSON {
		return json.NewEncoder(a.Stdout).Encode(r)
	}
	for _, f := range r.Findings {
		printFinding(a.Stdout, f, a.lang)
	}
	t := texts[a.lang]
	if r.Channels == r.Organiser {
		fmt.Fprintln(a.Stdout, t.nobody)
	}
	if r.Organiser == 0 {
		fmt.Fprintln(a.Stdout, t.noOrganiser)
	}
	if r.Channels == 0 {
		return nil
	}
	fmt.Fprintf(a.Stdout, t.messages+"\n", r.Messages.Sent, r.Messages.Deferred, r.Messages.Failed)
	return nil
}

func printFinding(w io.Writer, f alert.Finding, lang string) {
	marks := map[alert.Verdict]string{alert.Clear: "✓", alert.Between: "!", alert.Firing: "✗"}
	fmt.Fprintf(w, "  %s %-15s %s\n", marks[f.Verdict], f.Rule, f.Describe(lang))
}
