using System.Net;
using System.Text;
using System.Xml.Linq;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;

namespace AiAssignments.Tests.Azure.Blobs;

/// <summary>A commit that took effect and whose answer was lost: the client sends it again, and the condition does not hold any more.</summary>
public sealed class LostAnswerTests
{
    private readonly List<(string Id, int Size)> staged = [];
    private List<string> committed = [];
    private int commits;
    private int version;

    [Fact]
    public async Task A_growing_blob_goes_on_after_its_own_commit()
    {
        using var service = new ScriptedService(Answer);
        using var blobs = service.Connect();
        await using var growing = await blobs.Store.OpenGrowingAsync(new string('a', 32), 0, default);
        await growing.AppendAsync(new byte[10], default);

        await growing.FlushAsync(default);
        await growing.AppendAsync(new byte[5], default);
        await growing.FlushAsync(default);

        Assert.Equal([10, 5], committed.Select(id => staged.Single(block => block.Id == id).Size));
        Assert.Equal(["\"0x1\"", "\"0x1\"", "\"0x2\""], Conditions(service));
    }

    [Fact]
    public async Task Another_s_commit_still_locks_the_growing_blob()
    {
        using var service = new ScriptedService(asked => asked is { Method: "PUT", Component: "blocklist" } ? ScriptedService.Reply(HttpStatusCode.PreconditionFailed, "ConditionNotMet") : Answer(asked));
        using var blobs = service.Connect();
        await using var growing = await blobs.Store.OpenGrowingAsync(new string('a', 32), 0, default);
        await growing.AppendAsync(new byte[10], default);
        committed = ["b3RoZXI="];

        Assert.Equal("upload-locked", (await Assert.ThrowsAsync<ProblemException>(() => growing.FlushAsync(default))).Problem.Code);
    }

    [Fact]
    public async Task From_many_small_blocks_on_the_last_goes_on_being_filled()
    {
        for (var i = 0; i < 1000; i++)
        {
            staged.Add((Convert.ToBase64String(BitConverter.GetBytes((long)i)), 7));
        }

        committed = [.. staged.Select(block => block.Id)];
        commits = 2;
        using var service = new ScriptedService(asked => asked is { Method: "GET", Component: null } ? Part(asked) : Answer(asked));
        using var blobs = service.Connect(blockBytes: 1000);
        await using var growing = await blobs.Store.OpenGrowingAsync(new string('a', 32), 7000, default);
        await growing.AppendAsync(new byte[5], default);
        await growing.FlushAsync(default);

        Assert.Equal(1000, committed.Count);
        Assert.Equal(12, staged.Single(block => block.Id == committed[^1]).Size);
        Assert.Equal(7005, growing.Length);

        HttpResponseMessage Part(ScriptedService.Asked asked)
        {
            Assert.Equal("bytes=6993-6999", asked.Headers["x-ms-range"]);
            var part = Tagged(HttpStatusCode.PartialContent);
            part.Content = new ByteArrayContent(new byte[7]);
            part.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
            part.Content.Headers.ContentRange = new System.Net.Http.Headers.ContentRangeHeaderValue(6993, 6999, 7000);
            return part;
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(2500)]
    public async Task A_conditional_write_knows_its_own_commit(int bytes)
    {
        using var service = new ScriptedService(Answer);
        using var blobs = service.Connect(blockBytes: 1000);

        var facts = await blobs.Store.WriteAsync("a", (stream, token) => stream.WriteAsync(new byte[bytes], token).AsTask(), IDocumentStore.MustNotExist, default);

        Assert.Equal(("0x1", bytes), (facts.ETag, facts.Length));
    }

    private HttpResponseMessage Answer(ScriptedService.Asked asked)
    {
        lock (staged)
        {
            switch (asked)
            {
                case { Method: "PUT", Component: "block" }:
                    staged.Add((System.Web.HttpUtility.ParseQueryString(asked.Uri.Query)["blockid"]!, asked.Body.Length));
                    return ScriptedService.Reply(HttpStatusCode.Created);
                case { Method: "PUT", Component: "blocklist" } when ++commits == 2:
                    return ScriptedService.Reply(HttpStatusCode.PreconditionFailed, "ConditionNotMet");
                case { Method: "PUT", Component: "blocklist" }:
                    committed = [.. XDocument.Load(new MemoryStream(asked.Body)).Root!.Elements().Select(block => block.Value)];
                    version++;
                    return commits == 1 ? throw new HttpRequestException("The answer is lost.") : Tagged(HttpStatusCode.Created);
                case { Method: "GET", Component: "blocklist" }:
                    var blocks = committed.Select(id => new XElement("Block", new XElement("Name", id), new XElement("Size", staged.FirstOrDefault(block => block.Id == id).Size)));
                    var list = Tagged(HttpStatusCode.OK);
                    list.Content = new StringContent(new XElement("BlockList", new XElement("CommittedBlocks", blocks)).ToString(), Encoding.UTF8, "application/xml");
                    list.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
                    return list;
                default:
                    version = 1;
                    return Tagged(HttpStatusCode.Created);
            }
        }
    }

    private HttpResponseMessage Tagged(HttpStatusCode status) => ScriptedService.Reply(status, etag: $"\"0x{version}\"");

    private static IEnumerable<string> Conditions(ScriptedService service) =>
        service.Requests.Where(request => request is { Method: "PUT", Component: "blocklist" }).Select(request => request.Headers["If-Match"]);
}
