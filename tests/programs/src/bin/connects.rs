//! Reaches for the network.

fn main() {
    println!("{}", std::net::TcpStream::connect("127.0.0.1:80").is_ok());
    println!("{}", std::net::UdpSocket::bind("127.0.0.1:0").is_ok());
}
