using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Uploads;
using AiAssignments.Tests.Access;
using AiAssignments.Tests.Pipeline;

namespace AiAssignments.Tests.Uploads;

/// <summary><c>POST /api/datasets</c>.</summary>
public sealed class WholeUploadTests
{
    [Fact]
    public async Task One_body_becomes_a_dataset_and_is_evaluated_when_asked()
    {
        await using var host = await GatewayHost.StartAsync();
        await host.Runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, "topic"), null, true, CancellationToken.None);
        await using var file = File.OpenRead(Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl"));
        using var response = await host.SendAsync("POST", "/api/datasets?name=topics.jsonl&evaluate=true", null, new StreamContent(file));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        var id = body.GetProperty("id").GetString()!;
        Assert.Equal($"/api/datasets/{id}", response.Headers.Location!.ToString());
        Assert.Equal("topics.jsonl", body.GetProperty("name").GetString());
        var job = await host.Runtime.Evaluations.WaitAsync(body.GetProperty("evaluations")[0].GetString()!, CancellationToken.None);
        Assert.Equal(WorkflowStatus.Completed, job.Status);
        Assert.Empty(host.Runtime.Blobs.ListGrowing());
    }

    [Fact]
    public async Task The_same_bytes_are_one_dataset_whichever_way_they_come()
    {
        await using var host = await GatewayHost.StartAsync();
        var dropped = host.PathOf("dropped.csv");
        await File.WriteAllBytesAsync(dropped, TusTests.Dataset(100));
        var known = await host.Runtime.Datasets.RegisterAsync(dropped, Core.Datasets.DatasetOptions.Default, CancellationToken.None);
        for (var i = 0; i < 2; i++)
        {
            using var response = await PostAsync(host, "another.csv", TusTests.Dataset(100));
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            Assert.Equal(known.Id, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString());
        }

        Assert.Single(await host.Runtime.Datasets.ListAsync(CancellationToken.None));
        Assert.Empty(host.Runtime.Blobs.ListGrowing());
    }

    [Fact]
    public async Task A_key_gives_the_same_answer_again_and_stands_for_one_dataset()
    {
        await using var host = await GatewayHost.StartAsync();
        (string, string) key = ("Idempotency-Key", "drop-7");
        using var first = await host.SendAsync("POST", "/api/datasets?name=a.csv", null, new ByteArrayContent(TusTests.Dataset(100)), key);
        using var again = await host.SendAsync("POST", "/api/datasets?name=a.csv", null, new ByteArrayContent(TusTests.Dataset(100)), key);
        using var other = await host.SendAsync("POST", "/api/datasets?name=a.csv", null, new ByteArrayContent(TusTests.Dataset(101)), key);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
    }

    [Fact]
    public async Task A_compressed_one_is_unpacked()
    {
        await using var host = await GatewayHost.StartAsync();
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(TusTests.Dataset(100));
        }

        using var response = await PostAsync(host, "packed.csv.gz", packed.ToArray());
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("packed.csv", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("stagedName").GetString());
        Assert.Empty(host.Runtime.Blobs.ListGrowing());
    }

    [Theory]
    [InlineData("", 100, HttpStatusCode.BadRequest)]
    [InlineData("..", 100, HttpStatusCode.BadRequest)]
    [InlineData("a%00.csv", 100, HttpStatusCode.BadRequest)]
    [InlineData("empty.csv", -1, HttpStatusCode.BadRequest)]
    [InlineData("large.csv", 1000, HttpStatusCode.RequestEntityTooLarge)]
    public async Task What_is_refused_leaves_nothing(string name, int rows, HttpStatusCode status)
    {
        await using var host = await GatewayHost.StartAsync(uploads: new UploadOptions { MaxBytes = 10_000 });
        var bytes = rows < 0 ? [] : TusTests.Dataset(rows);
        foreach (var chunked in new[] { false, true })
        {
            using HttpContent content = chunked ? new StreamContent(new Waiting(bytes, Task.CompletedTask)) : new ByteArrayContent(bytes);
            using var response = await host.SendAsync("POST", $"/api/datasets?name={name}", null, content);
            Assert.Equal(status, response.StatusCode);
        }

        Assert.Empty(await host.Runtime.Datasets.ListAsync(CancellationToken.None));
        Assert.Empty(host.Runtime.Blobs.ListGrowing());
    }

    [Fact]
    public async Task A_lost_connection_leaves_nothing()
    {
        await using var host = await GatewayHost.StartAsync();
        using (await RawRequest.SendAsync(host.Http.BaseAddress!, "POST", "/api/datasets?name=lost.csv", 100_000, TusTests.Dataset(500)))
        {
            await TusTests.UntilAsync(() => Task.FromResult(host.Runtime.Blobs.ListGrowing().Count == 1));
        }

        await TusTests.UntilAsync(() => Task.FromResult(host.Runtime.Blobs.ListGrowing().Count == 0));
        Assert.Empty(host.Runtime.Blobs.ListGrowing());
        Assert.Empty(await host.Runtime.Datasets.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_path_before_the_name_is_left_off()
    {
        await using var host = await GatewayHost.StartAsync();
        using var response = await PostAsync(host, Uri.EscapeDataString(@"C:\somewhere\..\secret\mine.csv"), TusTests.Dataset(50));
        Assert.Equal("mine.csv", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("name").GetString());
    }

    private static Task<HttpResponseMessage> PostAsync(GatewayHost host, string name, byte[] bytes) =>
        host.SendAsync("POST", $"/api/datasets?name={name}", null, new ByteArrayContent(bytes));
}
