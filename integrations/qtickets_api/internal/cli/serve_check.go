package cli

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
)

// check asks the serve of this machine, or of this container, whether it answers. In a container that does something
// else there is nothing to ask: that is no illness of it.
func (c serveCommand) check(a *app) error {
	listen, serving := listenOf(firstProcess(), c.Listen)
	if !serving {
		fmt.Fprintln(a.Stdout, a.say("this container does not serve"))
		return nil
	}
	if listen == "" {
		settings, err := a.config()
		if err != nil {
			return err
		}
		listen = settings.Live.Listen
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("%w: --listen, QTICKETS_LISTEN: give address:port", config.ErrInvalid)
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(a.ctx, 3*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	request.Close = true
	client := http.Client{Transport: &http.Transport{}} // no proxy: it is this machine
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("serve does not answer: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("serve answers with status %d", response.StatusCode)
	}
	fmt.Fprintln(a.Stdout, "ok")
	return nil
}

// firstProcess is the command line of process 1: of a container what it is for.
func firstProcess() []string {
	line, err := os.ReadFile("/proc/1/cmdline")
	if err != nil {
		return nil
	}
	var arguments []string
	for part := range bytes.SplitSeq(bytes.TrimSuffix(line, []byte{0}), []byte{0}) {
		arguments = append(arguments, string(part))
	}
	return arguments
}

// listenOf finds the address in a command line of ours; another process 1 says nothing, then the wish counts.
func listenOf(first []string, wish string) (listen string, serving bool) {
	if len(first) == 0 || filepath.Base(first[0]) != "qtickets_api" {
		return wish, true
	}
	if !slices.Contains(first, "serve") {
		return "", false
	}
	for i, argument := range first {
		if value, ok := strings.CutPrefix(argument, "--listen="); ok {
			return value, true
		}
		if argument == "--listen" && i+1 < len(first) {
			return first[i+1], true
		}
	}
	return wish, true
}
