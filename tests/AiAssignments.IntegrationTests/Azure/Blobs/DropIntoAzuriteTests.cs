using System.Net.Http.Json;
using System.Text.Json;
using AiAssignments.Core.Storage;
using AiAssignments.Tests.Hosts;
using AiAssignments.Tests.Support;

namespace AiAssignments.IntegrationTests.Azure.Blobs;

/// <summary>The whole way as on Azure: a blob is dropped into a container, and the report lies in another.</summary>
[Collection(AzuriteGroup.Name)]
public sealed class DropIntoAzuriteTests(AzuriteServer azurite)
{
    private static readonly string Samples = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "samples");
    private static readonly string Models = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "models");

    [AzuriteTheory]
    [InlineData("AiAssignments.Local.dll")]
    [InlineData("aia.dll")]
    public async Task A_dropped_dataset_becomes_a_report_in_the_store(string program)
    {
        var prefix = AzuriteServer.NewPrefix();
        using var blobs = await azurite.ConnectAsync(prefix);
        await using var server = await ServeAsync(program, prefix);
        await PutFileAsync(blobs.Datasets, "incoming/topics.jsonl", Path.Combine(Samples, "topics.jsonl"));

        var evaluation = await server.FinishedAsync();

        var folder = (await blobs.Store.ListAsync("reports/", default).ToListAsync()).Select(blob => blob.Path).ToList();
        Assert.Equal(6, folder.Count);
        Assert.Contains(folder, path => path.EndsWith("/report.html", StringComparison.Ordinal));
        Assert.Single(await blobs.Store.ListAsync("staged/", default).ToListAsync());
        Assert.Empty(await blobs.Store.ListAsync("work/", default).ToListAsync());
        Assert.Empty(Directory.EnumerateFiles(server.Data, "report.html", SearchOption.AllDirectories));
        Assert.Equal("topics.jsonl", evaluation.GetProperty("outcome").GetProperty("dataset").GetString());
        using var page = await server.Http.GetAsync(new Uri(evaluation.GetProperty("links").GetProperty("report").GetString()!, UriKind.Relative));
        Assert.True(page.IsSuccessStatusCode);

        // Uploaded past the gateway under another name: the same bytes are one dataset, and nothing is evaluated twice.
        using var signing = await server.Http.PostAsync(new Uri("/api/datasets/direct?name=again.jsonl", UriKind.Relative), null);
        Assert.Equal(201, (int)signing.StatusCode);
        var signed = await signing.Content.ReadFromJsonAsync<JsonElement>();
        using var upload = new HttpRequestMessage(HttpMethod.Put, signed.GetProperty("url").GetString()) { Content = new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(Samples, "topics.jsonl"))) };
        foreach (var header in signed.GetProperty("headers").EnumerateObject())
        {
            upload.Headers.Add(header.Name, header.Value.GetString());
        }

        using var put = await server.Http.SendAsync(upload);
        Assert.Equal(201, (int)put.StatusCode);
        await server.Process.SayAsync("Watching ", occurrence: 2);
        Assert.Equal(1, await server.CountAsync());
    }

    [AzuriteFact]
    public async Task A_dropped_model_is_registered_and_what_is_none_is_a_remark()
    {
        var prefix = AzuriteServer.NewPrefix();
        using var blobs = await azurite.ConnectAsync(prefix);
        await using var server = await ServeAsync("AiAssignments.Local.dll", prefix);
        var zip = server.Scratch("mine.zip");
        await System.IO.Compression.ZipFile.CreateFromDirectoryAsync(Path.Combine(Models, "topic"), zip);
        await PutFileAsync(blobs.Models, "mine.zip", zip);
        await PutFileAsync(blobs.Models, "notes.txt", Path.Combine(Samples, "topics.jsonl"));
        await PutFileAsync(blobs.Datasets, "no-dataset.bin", zip);

        await server.Process.SayAsync("mine.zip: known as topic@");
        await server.Process.SayAsync("model-drop-unknown");
        await server.Process.SayAsync("no-dataset.bin was refused");
    }

    [AzuriteFact]
    public async Task Uploads_in_pieces_go_on_after_a_kill()
    {
        var prefix = AzuriteServer.NewPrefix();
        using var blobs = await azurite.ConnectAsync(prefix);
        await using var server = await ServeAsync("AiAssignments.Local.dll", prefix);
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Samples, "topics.jsonl"));
        using var begun = new HttpRequestMessage(HttpMethod.Post, "/api/datasets/uploads");
        begun.Headers.Add("Tus-Resumable", "1.0.0");
        begun.Headers.Add("Upload-Length", $"{bytes.Length}");
        begun.Headers.Add("Upload-Metadata", $"filename {Convert.ToBase64String("topics.jsonl"u8)}");
        using var made = await server.Http.SendAsync(begun);
        Assert.Equal(201, (int)made.StatusCode);
        var place = made.Headers.Location!;
        await PatchAsync(0, bytes[..1000], 204);

        await server.RestartAsync();
        await PatchAsync(1000, bytes[1000..], 204);

        var dataset = (await server.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/datasets", UriKind.Relative))).GetProperty("items")[0];
        Assert.Equal(bytes.Length, dataset.GetProperty("sizeBytes").GetInt64());
        Assert.Equal(bytes.Length, Assert.Single(await blobs.Store.ListAsync("staged/", default).ToListAsync()).Length);
        Assert.Empty(blobs.Store.ListGrowing());

        async Task PatchAsync(int offset, byte[] piece, int expected)
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, place.IsAbsoluteUri ? place.PathAndQuery : place.ToString()) { Content = new ByteArrayContent(piece) };
            request.Headers.Add("Tus-Resumable", "1.0.0");
            request.Headers.Add("Upload-Offset", $"{offset}");
            request.Content.Headers.ContentType = new("application/offset+octet-stream");
            using var reply = await server.Http.SendAsync(request);
            Assert.Equal(expected, (int)reply.StatusCode);
        }
    }

    [AzuriteFact]
    public async Task Commands_find_the_store_by_the_data_folder_and_a_copy_of_that_is_refused()
    {
        var prefix = AzuriteServer.NewPrefix();
        using var blobs = await azurite.ConnectAsync(prefix);
        await using var server = await ServeAsync("AiAssignments.Local.dll", prefix);
        var copy = server.Scratch("copy");
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.EnumerateFiles(server.Data).Where(file => Path.GetFileName(file) != ".lock"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        var (code, _, error) = await HostProcess.RunAsync("AiAssignments.Local.dll", null, [.. Arguments(prefix), "--data", copy, "--urls", "http://127.0.0.1:0"]);
        Assert.Equal(3, code);
        Assert.Contains("storage-in-use", error, StringComparison.Ordinal);

        await server.Process.KillAsync();
        (code, var output, error) = await HostProcess.RunAsync("aia.dll", null, ["evaluate", "--model", "topic", "--dataset", Path.Combine(Samples, "topics.jsonl"), "--data", server.Data, "--json"]);
        Assert.True(code == 0, error);
        Assert.Equal(152, JsonDocument.Parse(output).RootElement.GetProperty("outcome").GetProperty("records").GetInt32());
        Assert.Contains(await blobs.Store.ListAsync("reports/", default).ToListAsync(), blob => blob.Path.EndsWith("/report.html", StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFiles(server.Data, "report.html", SearchOption.AllDirectories));

        // A comparison is written to a folder of this machine.
        (code, output, error) = await HostProcess.RunAsync("aia.dll", null, ["compare", "topic", "topic", "--dataset", Path.Combine(Samples, "topics.jsonl"), "--data", server.Data, "--json"]);
        Assert.True(code == 0, error);
        var report = JsonDocument.Parse(output).RootElement.GetProperty("report").GetString()!;
        Assert.StartsWith(server.Data, report, StringComparison.Ordinal);
        Assert.True(File.Exists(report), report);
    }

    [AzuriteFact]
    public async Task Another_data_folder_or_another_storage_is_refused()
    {
        var prefix = AzuriteServer.NewPrefix();
        await using var server = await ServeAsync("AiAssignments.Local.dll", prefix);
        await server.Process.KillAsync();

        var (code, _, error) = await HostProcess.RunAsync("AiAssignments.Local.dll", null, ["--data", server.Data, "--urls", "http://127.0.0.1:0"]);
        Assert.Equal(1, code);
        Assert.Contains("data-folder-blobs", error, StringComparison.Ordinal);

        using var other = new TemporaryFolder();
        (code, _, error) = await HostProcess.RunAsync("AiAssignments.Local.dll", null, [.. Arguments(prefix), "--data", other.File("data"), "--urls", "http://127.0.0.1:0"]);
        Assert.Equal(1, code);
        Assert.Contains("storage-claimed", error, StringComparison.Ordinal);
    }

    private string[] Arguments(string prefix) =>
        ["--storage", $"azurite:{azurite.Address.AbsoluteUri}", "--samples", "false", .. AzuriteServer.Containers(prefix).SelectMany(one => new[] { $"--Blobs:{one.Setting}", one.Name })];

    private async Task<StorageHost> ServeAsync(string program, string prefix)
    {
        await azurite.ReadyAsync();
        var server = new StorageHost(program, Arguments(prefix));
        await server.RestartAsync();
        return server;
    }

    private static Task<BlobFacts> PutFileAsync(IBlobStore container, string name, string file) => container.WriteAsync(
        name,
        async (stream, token) =>
        {
            await using var source = File.OpenRead(file);
            await source.CopyToAsync(stream, token);
        },
        default);
}
