package main

// CLI is the program's command line.
type CLI struct {
	Serve   ServeCmd   `cmd:"" help:"Run Poruch."`
	Demo    DemoCmd    `cmd:"" help:"Run everything on this machine, with a pretended Telegram and Slack beside it, and one page in the browser."`
	Doctor  DoctorCmd  `cmd:"" help:"Check the configuration, the database, Telegram and Slack, and say what to do."`
	Migrate MigrateCmd `cmd:"" help:"Bring the database's schema to this version."`
	KB      KBCmd      `cmd:"" name:"kb" help:"Work with the knowledge base."`
	Slack   SlackCmd   `cmd:"" help:"Set up Slack."`
	Bench   BenchCmd   `cmd:"" help:"Measure what Poruch costs on this machine."`
}

// configFile is the flag that commands with a configuration share.
type configFile struct {
	Config string `help:"Configuration file (YAML); the environment beats it." placeholder:"FILE" env:"PORUCH_CONFIG"`
}
