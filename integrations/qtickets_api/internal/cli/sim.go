package cli

import (
	"fmt"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

type simCommand struct {
	Listen  string   `help:"Address to listen on." default:"127.0.0.1:8090"`
	Token   string   `help:"Token to accept." default:"${sim_token}"`
	Seed    int64    `help:"Seed of the simulated world." default:"1"`
	Orders  int      `help:"Orders at the start." default:"1000"`
	Events  int      `help:"Events at the start." default:"10"`
	Live    float64  `help:"Events per second (orders, payments, refunds, scans), 0: none." default:"0"`
	Fault   []string `help:"Fault to switch on, such as cut-body:3 or filter-ignored. May be repeated." placeholder:"KIND[:ARG][@PATH]" sep:"none"`
	Faults  bool     `help:"List the faults and exit."`
	Shape   string   `help:"Switch on the faults that make responses look like those of this file of \"contract --shape\"." type:"existingfile" placeholder:"FILE"`
	Capture string   `help:"Serve recorded answers (orders_page.json, events_page.json) from this folder instead of a world." type:"existingdir" placeholder:"DIR"`
}

// Run serves until interrupted.
func (c simCommand) Run(a *app) error {
	if c.Faults {
		for _, f := range simulator.FaultDocs() {
			fmt.Fprintf(a.Stdout, "%-26s %s\n", strings.TrimSuffix(string(f.Kind)+":"+f.Argument, ":"), f.Meaning)
		}
		return nil
	}
	world, err := c.world()
	if err != nil {
		return err
	}
	server := simulator.NewServer(world, simulator.ServerOptions{Token: c.Token})
	if c.Shape != "" {
		faults, err := shapeFaults(c.Shape)
		if err != nil {
			return err
		}
		server.SetFault(faults...)
	}
	for _, text := range c.Fault {
		fault, err := simulator.ParseFault(text)
		if err != nil {
			return fmt.Errorf("%w: --fault: %w", config.ErrInvalid, err)
		}
		server.SetFault(fault)
	}
	if err := server.Start(c.Listen); err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, "%s\nQTICKETS_BASE_URL=%s\nQTICKETS_TOKEN=%s\n", a.say("Simulated QTickets, Ctrl-C stops it"),
		server.URL(), server.Token())
	world.Live(a.ctx, c.Live) // until the context ends
	fmt.Fprintf(a.Stdout, "%s: %+v\n", a.say("Requests served"), server.Counters())
	return server.Close()
}

func (c simCommand) world() (*simulator.World, error) {
	if c.Capture != "" {
		return simulator.LoadCapture(c.Capture)
	}
	return simulator.NewWorld(simulator.WorldOptions{Seed: c.Seed, Orders: c.Orders, Events: c.Events}), nil
}
