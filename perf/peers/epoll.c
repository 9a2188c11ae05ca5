// The limit: one thread, one epoll, that only reads and stamps. Bytes are kept as they come, and looked
// at when all is over. Arguments: port, streams, requests, errors file, body of the request.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { ROOM_BYTES = 4096, EVENTS = 1024, STAMP_DIGITS = 19 };

struct arrival {
  long long at_ns;
  size_t end;
};

struct reply {
  char *bytes;
  size_t length, capacity;
  struct arrival *arrivals;
  size_t reads, reads_capacity;
};

struct stream {
  int socket;
  int connected;
  struct reply *reply;
};

static const char LAST_CHUNK[] = "\r\n0\r\n\r\n";
static const char CONTENT[] = "\"delta\":{\"content\":\"";

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static long long now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static double cpu_us(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static long rss_bytes(void) {
  long pages = 0;
  FILE *statm = fopen("/proc/self/statm", "r");
  if (statm == NULL || fscanf(statm, "%*d %ld", &pages) != 1) fail("/proc/self/statm");
  fclose(statm);
  return pages * sysconf(_SC_PAGESIZE);
}

static void *grown(void *old, size_t bytes) {
  void *memory = realloc(old, bytes);
  if (memory == NULL) fail("realloc");
  return memory;
}

static int open_socket(const struct sockaddr_in *address) {
  int opened = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (opened < 0) fail("socket");
  // Where the server's queue is full this takes a second, in which the others are to be read.
  int done = connect(opened, (const struct sockaddr *)address, sizeof(*address));
  if (done < 0 && errno != EINPROGRESS) fail("connect");
  int on = 1;
  setsockopt(opened, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return opened;
}

static void post(struct stream *stream, const char *request, size_t length) {
  if (write(stream->socket, request, length) != (ssize_t)length) fail("write");
}

// One read, stamped before anything else touches it. Returns whether the reply is whole.
static int take(struct stream *stream) {
  struct reply *reply = stream->reply;
  if (reply->capacity - reply->length < ROOM_BYTES) {
    reply->capacity = 2 * reply->capacity + 2 * ROOM_BYTES;
    reply->bytes = grown(reply->bytes, reply->capacity);
  }
  ssize_t got = recv(stream->socket, reply->bytes + reply->length, reply->capacity - reply->length, MSG_DONTWAIT);
  long long at_ns = now_ns();
  if (got < 0 && errno == EAGAIN) return 0;
  if (got <= 0) fail("recv");
  if (reply->reads == reply->reads_capacity) {
    reply->reads_capacity = 2 * reply->reads_capacity + 32;
    reply->arrivals = grown(reply->arrivals, reply->reads_capacity * sizeof(struct arrival));
  }
  reply->length += got;
  reply->arrivals[reply->reads++] = (struct arrival){at_ns, reply->length};
  size_t tail = sizeof(LAST_CHUNK) - 1;
  return reply->length >= tail && memcmp(reply->bytes + reply->length - tail, LAST_CHUNK, tail) == 0;
}

// Error of each chunk, in milliseconds: the read that brought the end of its event, less its own instant.
static long write_errors(const struct reply *reply, FILE *file) {
  long chunks = 0;
  size_t read = 0;
  const char *at = reply->bytes, *end = reply->bytes + reply->length;
  while ((at = memmem(at, end - at, CONTENT, sizeof(CONTENT) - 1)) != NULL) {
    at += sizeof(CONTENT) - 1;
    long long sent_ns = 0;
    int digits = 0;
    for (; digits < STAMP_DIGITS && at[digits] >= '0' && at[digits] <= '9'; digits++)
      sent_ns = sent_ns * 10 + (at[digits] - '0');
    if (digits < STAMP_DIGITS) continue;
    const char *event_end = memmem(at, end - at, "\n\n", 2);
    if (event_end == NULL) break;
    while (reply->arrivals[read].end < (size_t)(event_end + 2 - reply->bytes)) read++;
    double error_ms = (reply->arrivals[read].at_ns - sent_ns) / 1e6;
    fwrite(&error_ms, sizeof(error_ms), 1, file);
    chunks++;
  }
  return chunks;
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  int port = atoi(argv[1]), streams = atoi(argv[2]), requests = atoi(argv[3]);
  char request[8192];
  int length = snprintf(request, sizeof(request),
                        "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\n"
                        "content-type: application/json\r\ncontent-length: %zu\r\n\r\n%s",
                        strlen(argv[5]), argv[5]);
  if (length >= (int)sizeof(request)) return 2;
  struct stream *all = calloc(streams, sizeof(struct stream));
  struct reply *replies = calloc(requests, sizeof(struct reply));
  if (all == NULL || replies == NULL) fail("calloc");
  int epoll = epoll_create1(0);

  long rss = rss_bytes();
  long long started_ns = now_ns();
  double started_cpu_us = cpu_us();
  int sent = 0, done = 0;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  struct epoll_event ready[EVENTS];
  int opened = 0;
  while (done < requests) {
    int opening = opened < streams && sent < requests;
    // One connection at a time, so that what arrives does not wait for all of them.
    if (opening) {
      struct stream *stream = &all[opened++];
      stream->socket = open_socket(&address);
      struct epoll_event interest = {.events = EPOLLOUT, .data.ptr = stream};
      if (epoll_ctl(epoll, EPOLL_CTL_ADD, stream->socket, &interest) < 0) fail("epoll_ctl");
      stream->reply = &replies[sent++];
    }
    int count = epoll_wait(epoll, ready, EVENTS, opening ? 0 : -1);
    for (int index = 0; index < count; index++) {
      struct stream *stream = ready[index].data.ptr;
      if (!stream->connected) {
        struct epoll_event interest = {.events = EPOLLIN, .data.ptr = stream};
        if (epoll_ctl(epoll, EPOLL_CTL_MOD, stream->socket, &interest) < 0) fail("epoll_ctl");
        stream->connected = 1;
        post(stream, request, length);
      } else if (take(stream)) {
        done++;
        if (sent == requests) continue;
        stream->reply = &replies[sent++];
        post(stream, request, length);
      }
    }
  }
  double used_cpu_us = cpu_us() - started_cpu_us;
  double wall_ms = (now_ns() - started_ns) / 1e6;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);

  FILE *file = fopen(argv[4], "wb");
  if (file == NULL) fail(argv[4]);
  long chunks = 0, reads = 0;
  for (int index = 0; index < requests; index++) {
    chunks += write_errors(&replies[index], file);
    reads += replies[index].reads;
  }
  if (fclose(file) != 0) fail(argv[4]);
  printf("{\"cpuUs\":%.0f,\"cpuBeforeUs\":%.0f,\"wallMs\":%.3f,\"rssBytes\":%ld,\"maxRssBytes\":%ld,\"reads\":%ld,\"chunks\":%ld}\n",
         used_cpu_us, started_cpu_us, wall_ms, rss, usage.ru_maxrss * 1024, reads, chunks);
  return 0;
}
