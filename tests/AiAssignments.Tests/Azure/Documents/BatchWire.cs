using System.Net;
using System.Net.Http.Headers;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Cosmos.Serialization.HybridRow;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.IO;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Layouts;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.RecordIO;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Schemas;

namespace AiAssignments.Tests.Azure.Documents;

/// <summary>
/// Transactional batches as they go over the wire: a file of HybridRow records (the public library of that name that comes with the SDK), one an operation, and one a result.
/// The records' schemas are those that the SDK has within.
/// </summary>
internal static class BatchWire
{
    /// <summary>The <c>operationType</c> of a deletion.</summary>
    public const int Deletion = 4;

    private static readonly Namespace Schemas = Namespace.Parse(Text());
    private static readonly LayoutResolverNamespace Layouts = new(Schemas);

    /// <summary>Whether a request is one that is done as a whole or not at all.</summary>
    public static bool IsAsked(HttpRequestMessage request) => Header(request, "x-ms-cosmos-is-batch-request") && Header(request, "x-ms-cosmos-batch-atomic");

    /// <summary>The operations of a batch.</summary>
    public static async Task<IReadOnlyList<BatchOperation>> ReadAsync(byte[] body)
    {
        var found = new List<BatchOperation>();
        using var stream = new MemoryStream(body);
        var read = await stream.ReadRecordIOAsync(
            (ReadOnlyMemory<byte> record) =>
            {
                found.Add(Operation(record));
                return Result.Success;
            },
            (Func<ReadOnlyMemory<byte>, Result>?)null,
            new MemorySpanResizer<byte>(body.Length));
        Assert.Equal(Result.Success, read);
        return found;
    }

    /// <summary>The answer to a batch: 200 when all operations were done, else 207. Of a batch that was not done, one has its reason, and the others have 424.</summary>
    /// <param name="statuses">Status of each operation.</param>
    public static async Task<HttpResponseMessage> AnswerAsync(IReadOnlyList<int> statuses)
    {
        using var stream = new MemoryStream();
        var written = await stream.WriteRecordIOAsync(
            new Segment("answer", Schemas),
            (long index, out ReadOnlyMemory<byte> record) =>
            {
                record = index < statuses.Count ? Row(statuses[(int)index]) : default;
                return Result.Success;
            });
        Assert.Equal(Result.Success, written);
        var answer = new HttpResponseMessage((HttpStatusCode)(statuses.All(static status => status < 400) ? 200 : 207));
        answer.Content = new ByteArrayContent(stream.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        return answer;
    }

    private static bool Header(HttpRequestMessage request, string name) => request.Headers.TryGetValues(name, out var values) && bool.Parse(values.Single());

    private static Layout LayoutOf(string schema) => Layouts.Resolve(Schemas.Schemas.Single(one => one.Name == schema).SchemaId);

    private static string Text()
    {
        var client = typeof(CosmosClient).Assembly;
        using var text = new StreamReader(client.GetManifestResourceStream(client.GetManifestResourceNames().Single(name => name.EndsWith("HybridRowBatchSchemas.json", StringComparison.Ordinal)))!);
        return text.ReadToEnd();
    }

    private static BatchOperation Operation(ReadOnlyMemory<byte> record)
    {
        var row = new RowBuffer(record.Length);
        Assert.True(row.ReadFrom(record.Span, HybridRowVersion.V1, Layouts));
        var reader = new RowReader(ref row);
        var (type, id) = (-1, string.Empty);
        while (reader.Read())
        {
            switch ((string)reader.Path)
            {
                case "operationType":
                    Assert.Equal(Result.Success, reader.ReadInt32(out type));
                    break;
                case "id":
                    Assert.Equal(Result.Success, reader.ReadString(out id));
                    break;
            }
        }

        return new BatchOperation(type, id);
    }

    private static ReadOnlyMemory<byte> Row(int status)
    {
        var resizer = new MemorySpanResizer<byte>(64);
        var row = new RowBuffer(64, resizer);
        row.InitLayout(HybridRowVersion.V1, LayoutOf("BatchResult"), Layouts);
        Assert.Equal(Result.Success, RowWriter.WriteBuffer(ref row, status, static (ref RowWriter writer, TypeArgument _, int value) => writer.WriteInt32("statusCode", value)));
        return resizer.Memory[..row.Length];
    }
}
