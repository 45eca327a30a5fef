// A TURN relay with nothing in it but the relaying: what the data path costs when it is written by
// hand in C on epoll, recvmmsg, sendmmsg, UDP_GRO and UDP_SEGMENT. The comparison takes it for the
// limit that a server on this interface can reach. It is no server to run: nobody is asked who he
// is, no permission is checked, nothing expires, and it knows IPv4 and UDP only.
//
//   cc -O2 -Wall -Wextra -Werror -o forwarder *.c
//   ./forwarder [-a ADDRESS] [-p PORT] [-s]
//
//   -a  IPv4 address to listen and relay on (127.0.0.1)
//   -p  port to listen on (3478)
//   -s  single datagrams: no UDP_GRO, no UDP_SEGMENT
//
// One thread; a turn is one epoll_wait and what it finds. All that a turn sends leaves at its end.
// Packets stay in the slot they were received in: a header is stripped by pointing behind it, and
// added in the room in front.

#define _GNU_SOURCE
#include "forwarder.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/udp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
  EVENTS = 512,        // taken from one epoll_wait
  SLOTS = 256,         // datagrams received before what became of them is sent
  BATCH = 64,          // datagrams that one system call reads
  SLOT_SUPER = 65536,  // holds whatever UDP_GRO hands over
  SLOT_SINGLE = 2048,  // holds a datagram as long as an Ethernet carries
  LISTENER_BUFFER = 4 << 20,
  LISTENER = 0,        // in what epoll says; relays are told by the place of their client
  SIGNALS = CLIENTS + 1,
};

bool offload = true;
unsigned long long sent, lost;
Socket listener;

static unsigned long long received;
static uint32_t turn;

static uint8_t *slots;
static size_t slot_size, slot_stride;
static unsigned slots_used;

static struct mmsghdr messages[BATCH];
static struct sockaddr_in names[BATCH];
static Control controls[BATCH];
static struct iovec pieces[BATCH];

static void die(const char *what) {
  fprintf(stderr, "forwarder: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void from_client(uint8_t *bytes, uint32_t length, uint32_t segment, Endpoint from) {
  Client *client = clients_find(from);
  const Endpoint *peer = NULL;
  uint16_t channel = 0;
  for (uint32_t at = 0; at < length; at += segment) {
    uint8_t *packet = bytes + at;
    uint32_t rest = length - at, whole = rest < segment ? rest : segment;
    if (whole < CHANNEL_HEADER) continue;
    if (*packet < 0x40) {
      stun_message(packet, whole, from, client, segment >= length);
      continue;
    }
    uint32_t payload = get16(packet + 2);
    if (!client || payload > whole - CHANNEL_HEADER) continue;
    if (!peer || channel != get16(packet)) peer = client_peer(client, channel = get16(packet));
    if (peer) outbox_add(&client->relay, *peer, packet + CHANNEL_HEADER, payload);
  }
}

// The first segment has free room in front of it. In front of another is the one before, so its
// header stays apart.
static void from_peer(Client *client, uint8_t *bytes, uint32_t length, uint32_t segment,
                      Endpoint peer) {
  uint16_t channel = client_channel(client, peer);
  uint32_t header_length = channel ? CHANNEL_HEADER : DATA_HEADER;
  for (uint32_t at = 0; at < length; at += segment) {
    uint32_t rest = length - at, payload = rest < segment ? rest : segment;
    Packet *packet = outbox_add(&listener, client->address, bytes + at, payload);
    uint8_t *header = packet->header;
    if (at == 0) {
      packet->payload = header = bytes - header_length;
      packet->length += header_length;
    } else {
      packet->header_length = (uint16_t)header_length;
    }
    if (channel) {
      put16(header, channel);
      put16(header + 2, payload);
    } else {
      packet->padding = (uint16_t)(-payload & 3);
      stun_data_header(header, peer, payload, packet->padding);
    }
  }
}

static uint32_t segment_of(struct msghdr *message, uint32_t length) {
  const struct cmsghdr *header = message->msg_controllen ? CMSG_FIRSTHDR(message) : NULL;
  int size = 0;
  if (header && header->cmsg_level == SOL_UDP && header->cmsg_type == UDP_GRO)
    memcpy(&size, CMSG_DATA(header), sizeof size);
  return size > 0 ? (uint32_t)size : length;
}

static void arrived(Client *client, struct msghdr *message, uint32_t length) {
  const struct sockaddr_in *name = message->msg_name;
  Endpoint from = {name->sin_addr.s_addr, name->sin_port};
  uint32_t segment = segment_of(message, length);
  received++;
  if (message->msg_flags & MSG_TRUNC) lost++;
  else if (client) from_peer(client, message->msg_iov->iov_base, length, segment, from);
  else from_client(message->msg_iov->iov_base, length, segment, from);
}

// The kernel writes there how much it used of the room it was given.
static void make_room(int i) {
  messages[i].msg_hdr.msg_namelen = sizeof names[i];
  messages[i].msg_hdr.msg_controllen = offload ? sizeof controls[i] : 0;
}

// Reads once from the socket of a client's relay, or from the listener if there is no client.
static int receive(const Socket *socket, Client *client, unsigned count) {
  if (slots_used + count > SLOTS) {
    outbox_flush();
    slots_used = 0;
  }
  for (unsigned i = 0; i < count; i++)
    pieces[i].iov_base = slots + (slots_used + i) * slot_stride + HEADROOM;
  int n;
  if (count > 1) {
    n = recvmmsg(socket->fd, messages, count, MSG_DONTWAIT, NULL);
  } else {
    ssize_t length = recvmsg(socket->fd, &messages[0].msg_hdr, MSG_DONTWAIT);
    messages[0].msg_len = (unsigned)length;
    n = length < 0 ? -1 : 1;
  }
  for (int i = 0; i < n; i++) {
    arrived(client, &messages[i].msg_hdr, messages[i].msg_len);
    make_room(i);
  }
  slots_used += n > 0 ? (unsigned)n : 0;
  return n;
}

// Most often a socket has one datagram waiting, and reading a batch only costs more. It gets one if
// it was readable in the turn before as well, or if the last look found several.
static void on_readable(Socket *socket, Client *client) {
  unsigned count = socket->bursty || socket->seen + 1 == turn ? BATCH : 1;
  int n = receive(socket, client, count);
  socket->seen = turn;
  socket->bursty = n > 1;
  // The listener carries what all clients send, so it may have several batches.
  int more = client ? 0 : SLOTS / BATCH - 1;
  while (n == BATCH && more-- > 0) n = receive(socket, client, BATCH);
}

static void prepare_slots(void) {
  slot_size = offload ? SLOT_SUPER : SLOT_SINGLE;
  slot_stride = HEADROOM + slot_size;
  // An odd number of cache lines: else the beginnings of all slots would share a few of the cache.
  if (slot_stride / 64 % 2 == 0) slot_stride += 64;
  slots = mmap(NULL, SLOTS * slot_stride, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (slots == MAP_FAILED) die("mmap");
  for (int i = 0; i < BATCH; i++) {
    pieces[i].iov_len = slot_size;
    messages[i].msg_hdr = (struct msghdr){.msg_name = &names[i],
                                          .msg_iov = &pieces[i],
                                          .msg_iovlen = 1,
                                          .msg_control = offload ? &controls[i] : NULL};
    make_room(i);
  }
}

static void watch(int poller, int fd, uint32_t who) {
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = who};
  if (fd < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0) die("cannot listen");
}

static int open_signals(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, NULL);
  return signalfd(-1, &set, SFD_CLOEXEC);
}

static void serve(int poller) {
  static struct epoll_event events[EVENTS];
  for (bool ended = false; !ended; turn++) {
    int n = epoll_wait(poller, events, EVENTS, -1);
    if (n < 0 && errno != EINTR) die("epoll_wait");
    for (int i = 0; i < n; i++) {
      uint32_t who = events[i].data.u32;
      Client *client;
      if (who == LISTENER) on_readable(&listener, NULL);
      else if (who == SIGNALS) ended = true;
      else if ((client = clients_at(who))) on_readable(&client->relay, client);
      // else it was freed in this turn
    }
    outbox_flush();
    slots_used = 0;
  }
}

int main(int argc, char **argv) {
  struct in_addr local = {htonl(INADDR_LOOPBACK)};
  int option, port = 3478;
  bool understood = true;
  while ((option = getopt(argc, argv, "a:p:s")) != -1) {
    if (option == 's') offload = false;
    else if (option == 'p') port = atoi(optarg);
    else if (option != 'a' || inet_pton(AF_INET, optarg, &local) != 1) understood = false;
  }
  if (!understood || optind < argc || port < 1 || port > 65535) {
    fprintf(stderr, "usage: forwarder [-a ADDRESS] [-p PORT] [-s]\n");
    return 2;
  }
  int poller = epoll_create1(EPOLL_CLOEXEC), buffer = LISTENER_BUFFER;
  clients_prepare(local, poller);
  listener.fd = clients_socket((uint16_t)port);
  watch(poller, listener.fd, LISTENER);
  watch(poller, open_signals(), SIGNALS);
  if (setsockopt(listener.fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer) != 0
      && setsockopt(listener.fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer) != 0)
    die("SO_RCVBUF");
  prepare_slots();
  serve(poller);
  fprintf(stderr, "forwarder: received %llu, sent %llu, lost %llu\n", received, sent, lost);
  return 0;
}
