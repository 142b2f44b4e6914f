//! Flags of `serve`.

use clap::Args;
use std::net::IpAddr;

/// Flags of `serve`.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints the address with a token; whoever has it may ask. Ends when interrupted. A question may take
30 seconds, or what --max-time says.

Examples:
  cuibono serve
  cuibono --from network.json serve --port 8080
  curl -H \"Authorization: Bearer $TOKEN\" \"http://127.0.0.1:8080/v1/search?q=kozlov\"")]
pub(crate) struct ServeArgs {
    /// The port [default: a free one]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) port: u16,
    /// Let notes be kept in the store (POST /v1/note)
    #[arg(long)]
    pub(crate) edit: bool,
    /// Ask for no token: every program of this machine may ask, under every user
    #[arg(long, conflicts_with = "token")]
    pub(crate) open: bool,
    /// The token instead of a new one at random: 16 or more letters and digits
    #[arg(long, value_name = "TOKEN", env = "CUIBONO_TOKEN", hide_env_values = true)]
    pub(crate) token: Option<String>,
    /// Listen at this address instead of loopback: other machines may ask, unencrypted
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen_public: Option<IpAddr>,
}
