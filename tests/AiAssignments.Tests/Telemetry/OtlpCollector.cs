using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiAssignments.Tests.Telemetry;

/// <summary>Takes OTLP traces and logs over HTTP as a collector does, and reads what spans and lines they have. Only the fields that tests ask for (opentelemetry-proto, trace/v1/trace.proto and logs/v1/logs.proto).</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<Span> spans = new();
    private readonly ConcurrentQueue<Line> lines = new();
    private readonly ConcurrentDictionary<string, int> posts = new();
    private WebApplication app = null!;

    public string Url => app.Urls.Single();

    public IReadOnlyCollection<Span> Spans => spans;

    public IReadOnlyCollection<Line> Lines => lines;

    /// <summary>Posts by path.</summary>
    public IReadOnlyDictionary<string, int> Posts => posts;

    public static async Task<OtlpCollector> StartAsync()
    {
        var collector = new OtlpCollector();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        collector.app = builder.Build();
        collector.app.MapPost("/{**path}", async (HttpContext context, string path) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            collector.posts.AddOrUpdate(path, 1, static (_, count) => count + 1);
            if (path == "v1/traces")
            {
                Take(body.ToArray(), span => collector.spans.Enqueue(Read(span)));
            }
            else if (path == "v1/logs")
            {
                Take(body.ToArray(), line => collector.lines.Enqueue(ReadLine(line)));
            }
        });
        await collector.app.StartAsync();
        return collector;
    }

    /// <summary>Waits until what has come satisfies.</summary>
    public async Task<IReadOnlyList<Span>> UntilAsync(Func<IReadOnlyList<Span>, bool> satisfied)
    {
        for (var tries = 0; ; tries++)
        {
            var all = spans.ToList();
            if (satisfied(all))
            {
                return all;
            }

            Assert.True(tries < 2400, $"The spans did not come. There are: {string.Join(", ", all.Select(span => span.Name).Distinct())}");
            await Task.Delay(50);
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    // Resource, scope, and the things themselves: nested alike in both.
    private static void Take(byte[] request, Action<List<Field>> each)
    {
        foreach (var resource in Fields(request).Where(field => field.Number == 1))
        {
            foreach (var scope in Fields(resource.Bytes).Where(field => field.Number == 2))
            {
                foreach (var item in Fields(scope.Bytes).Where(field => field.Number == 2))
                {
                    each(Fields(item.Bytes).ToList());
                }
            }
        }
    }

    private static Span Read(List<Field> fields)
    {
        var attributes = Attributes(fields, 9);
        var links = fields.Where(field => field.Number == 13).Select(field => Hex(Fields(field.Bytes).Single(inner => inner.Number == 2))).ToList();
        // STATUS_CODE_ERROR is 2.
        var failed = Fields(One(15).Bytes ?? []).Any(field => field is { Number: 3, Value: 2 });
        return new Span(Hex(One(1)), Hex(One(2)), Hex(One(4)), Text(One(5)), attributes, links, failed);

        Field One(int number) => fields.FirstOrDefault(field => field.Number == number);
    }

    private static Line ReadLine(List<Field> fields)
    {
        var body = fields.Where(field => field.Number == 5).Select(field => Text(Fields(field.Bytes).FirstOrDefault())).FirstOrDefault(string.Empty);
        return new Line(body, Text(One(3)), Hex(One(9)), Hex(One(10)), Attributes(fields, 6));

        Field One(int number) => fields.FirstOrDefault(field => field.Number == number);
    }

    private static Dictionary<string, string> Attributes(List<Field> fields, int number)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var attribute in fields.Where(field => field.Number == number).Select(field => Fields(field.Bytes).ToList()))
        {
            // Key and AnyValue: a string or an integer.
            var value = Fields(attribute.Single(field => field.Number == 2).Bytes).FirstOrDefault();
            attributes[Text(attribute.Single(field => field.Number == 1))] = value.Number == 1 ? Text(value) : value.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return attributes;
    }

    private static string Hex(Field field) => Convert.ToHexStringLower(field.Bytes ?? []);

    private static string Text(Field field) => System.Text.Encoding.UTF8.GetString(field.Bytes ?? []);

    private static IEnumerable<Field> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    yield return new Field((int)(tag >> 3), [], Varint(message, ref at));
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    yield return new Field((int)(tag >> 3), message[at..(at + length)], 0);
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException("No protocol buffer.");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    internal sealed record Span(string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> Links, bool Failed);

    internal sealed record Line(string Body, string Severity, string Trace, string Span, IReadOnlyDictionary<string, string> Attributes);

    private readonly record struct Field(int Number, byte[] Bytes, ulong Value);
}
