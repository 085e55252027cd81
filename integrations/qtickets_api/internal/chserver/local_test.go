package chserver_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
)

func TestLocalRunsAScript(t *testing.T) {
	t.Parallel()
	out, err := chserver.Local(t.Context(), library(t), nil, strings.NewReader(`
		-- a comment with a ; in it
		SELECT 'a;b', timezone();
		SELECT count() FROM numbers(5)`))
	if err != nil || string(out) != "a;b\tEurope/Moscow\n5\n" {
		t.Errorf("got %q, %v", out, err)
	}
}

func TestLocalReturnsBigOutputWhole(t *testing.T) {
	t.Parallel()
	const rows = 300_000 // far more than a pipe holds
	out, err := chserver.Local(t.Context(), library(t), []string{"--query", "SELECT 'row' FROM numbers(300000)"}, nil)
	if err != nil || len(out) != rows*len("row\n") {
		t.Errorf("got %d bytes, %v", len(out), err)
	}
}

func TestLocalErrors(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, script string
		args         []string
		want         string
	}{
		{name: "statement", script: "SELECT 1; SELECT nothing; SELECT 2", want: "Code: 47"},
		{name: "syntax", script: "SELEC 1", want: "Code: 62"},
		{name: "last statement", script: "SELECT 1; DROP TABLE nothing", want: "Code: 60"},
		{name: "while it runs", script: "SELECT throwIf(number = 100000) FROM numbers(200000)", want: "Code: 395"},
		{name: "option", args: []string{"--no-such-option"}, want: "--no-such-option"},
		{name: "query option", args: []string{"--query", "SELECT nothing"}, want: "Code: 47"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			out, err := chserver.Local(t.Context(), library(t), c.args, strings.NewReader(c.script))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q in it", err, c.want)
			}
			if out != nil {
				t.Errorf("output of a failed script: %q", out)
			}
		})
	}
}

func TestLocalHonoursItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := chserver.Local(ctx, library(t), []string{"--query", "SELECT sleep(3)"}, nil); !errors.Is(err,
		context.Canceled) {
		t.Errorf("error is %v, want %v", err, context.Canceled)
	}
}
