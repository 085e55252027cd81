package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// cost is what one process took.
type cost struct {
	cpu  time.Duration // user and system
	wall time.Duration
	peak int64 // bytes resident at most
}

// run starts a program, waits for it, and gives its cost and what it printed.
func run(ctx context.Context, env []string, program string, arguments ...string) (cost, string, error) {
	var stdout, stderr bytes.Buffer
	command := exec.CommandContext(ctx, program, arguments...)
	command.Env, command.Stdout, command.Stderr = env, &stdout, &stderr
	started := time.Now()
	if err := command.Start(); err != nil {
		return cost{}, "", err
	}
	ended := make(chan struct{})
	peak := make(chan int64)
	go func() { peak <- samplePeak(command.Process.Pid, ended) }()
	err := command.Wait()
	c := cost{wall: time.Since(started)}
	close(ended)
	c.peak = <-peak
	if err != nil {
		return c, "", fmt.Errorf("%s: %w: %s", program, err, strings.TrimSpace(stderr.String()))
	}
	c.cpu = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	return c, stdout.String(), nil
}

// samplePeak reads the peak of a process until it ends. The kernel's own figure at the end (ru_maxrss) will not
// do: it includes what this process held when it started the child.
func samplePeak(pid int, ended <-chan struct{}) int64 {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	var peak int64
	for {
		peak = max(peak, residentPeak(pid))
		select {
		case <-ended:
			return peak
		case <-tick.C:
		}
	}
}

// residentPeak is VmHWM, 0 when the process is gone.
func residentPeak(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kilobytes, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(value, "kB")), 10, 64)
			return kilobytes << 10
		}
	}
	return 0
}
