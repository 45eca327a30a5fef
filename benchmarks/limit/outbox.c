// Gathers what a turn sends and hands it to the kernel with one system call per socket.

#define _GNU_SOURCE
#include "forwarder.h"

#include <netinet/udp.h>
#include <string.h>
#include <sys/uio.h>

enum {
  MESSAGES = 512,      // handed over by one system call
  PIECES = 2048,       // that these consist of
  SEGMENTS = 64,       // that a kernel of any version takes as one UDP_SEGMENT message
  SUPER_BYTES = 65000, // the longest such message; an IPv4 datagram is no longer than 65,507 bytes
};

static Packet packets[PACKETS + 1]; // place 0 means none
static uint32_t packets_used;
static Socket *waiting[CLIENTS + 1];
static uint32_t waiting_used;

static struct mmsghdr messages[MESSAGES];
static struct sockaddr_in names[MESSAGES];
static Control controls[MESSAGES];
static struct iovec pieces[PIECES];
static unsigned messages_used, pieces_used;

Packet *outbox_add(Socket *socket, Endpoint to, const uint8_t *payload, uint32_t length) {
  if (packets_used == PACKETS) outbox_flush();
  uint32_t place = ++packets_used;
  Packet *packet = &packets[place];
  packet->payload = payload;
  packet->length = length;
  packet->next = 0;
  packet->to = to;
  packet->header_length = packet->padding = 0;
  if (socket->last) {
    packets[socket->last].next = place;
  } else {
    socket->first = place;
    waiting[waiting_used++] = socket;
  }
  socket->last = place;
  return packet;
}

static void hand_over(int fd) {
  struct msghdr *first = &messages[0].msg_hdr;
  unsigned count = messages_used;
  messages_used = pieces_used = 0;
  if (count == 1 && first->msg_iovlen == 1 && !first->msg_control) { // the cheapest of the three
    ssize_t n = sendto(fd, first->msg_iov->iov_base, first->msg_iov->iov_len, MSG_DONTWAIT,
                       first->msg_name, first->msg_namelen);
    if (n < 0) lost++;
    else sent++;
    return;
  }
  for (unsigned done = 0; done < count;) {
    int n;
    if (count - done == 1) n = sendmsg(fd, &messages[done].msg_hdr, MSG_DONTWAIT) < 0 ? -1 : 1;
    else n = sendmmsg(fd, messages + done, count - done, MSG_DONTWAIT);
    if (n < 0) lost++; // the one that failed, as UDP may lose any; those behind it are tried again
    else sent += (unsigned)n;
    done += n < 0 ? 1 : (unsigned)n;
  }
}

static void begin_message(Endpoint to) {
  struct sockaddr_in *name = &names[messages_used];
  name->sin_family = AF_INET;
  name->sin_port = to.port;
  name->sin_addr.s_addr = to.address;
  messages[messages_used++].msg_hdr = (struct msghdr){
      .msg_name = name, .msg_namelen = sizeof *name, .msg_iov = &pieces[pieces_used]};
}

static void add_piece(const void *bytes, size_t length) {
  pieces[pieces_used++] = (struct iovec){.iov_base = (void *)bytes, .iov_len = length};
  messages[messages_used - 1].msg_hdr.msg_iovlen++;
}

// Tells the kernel to cut the last message into datagrams of this size.
static void cut_into(uint16_t size) {
  struct msghdr *message = &messages[messages_used - 1].msg_hdr;
  message->msg_control = &controls[messages_used - 1];
  message->msg_controllen = CMSG_SPACE(sizeof size);
  struct cmsghdr *header = CMSG_FIRSTHDR(message);
  header->cmsg_level = SOL_UDP;
  header->cmsg_type = UDP_SEGMENT;
  header->cmsg_len = CMSG_LEN(sizeof size);
  memcpy(CMSG_DATA(header), &size, sizeof size);
}

// Runs of equal length to one destination leave as one message; only the last may be shorter.
static void flush_socket(const Socket *socket) {
  static const uint8_t zeros[4];
  const Packet *run = NULL; // the packet that the last message began with
  uint32_t segments = 0, size = 0, total = 0;
  for (uint32_t i = socket->first; i; i = packets[i].next) {
    const Packet *packet = &packets[i];
    uint32_t length = packet->header_length + packet->length + packet->padding;
    bool joins = offload && run && segments < SEGMENTS && same(packet->to, run->to)
        && total == segments * size && length && length <= size && total + length <= SUPER_BYTES;
    if (pieces_used + 3 > PIECES || (!joins && messages_used == MESSAGES)) {
      hand_over(socket->fd);
      joins = false;
    }
    if (!joins) {
      begin_message(packet->to);
      run = packet;
      size = length;
      segments = total = 0;
    } else if (segments == 1) {
      cut_into((uint16_t)size);
    }
    if (packet->header_length) add_piece(packet->header, packet->header_length);
    add_piece(packet->payload, packet->length);
    if (packet->padding) add_piece(zeros, packet->padding);
    segments++;
    total += length;
  }
  hand_over(socket->fd);
}

void outbox_flush(void) {
  for (uint32_t i = 0; i < waiting_used; i++) {
    flush_socket(waiting[i]);
    waiting[i]->first = waiting[i]->last = 0;
  }
  waiting_used = packets_used = 0;
}
