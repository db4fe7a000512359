using System.Text;
using AiAssignments.Azure.Blobs;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using Azure.Storage.Blobs;

namespace AiAssignments.IntegrationTests.Azure.Blobs;

/// <summary>What the store does beyond the contract, over Azurite.</summary>
[Collection(AzuriteGroup.Name)]
public sealed class AzureBlobStoreTests(AzuriteServer azurite)
{
    [AzuriteFact]
    public async Task A_condition_holds_or_nothing_changes()
    {
        using var blobs = await azurite.ConnectAsync();
        var first = await blobs.Store.WriteAsync("a", Text("1"), IDocumentStore.MustNotExist, default);
        await ConflictAsync(IDocumentStore.MustNotExist, 1);
        await ConflictAsync(IDocumentStore.MustNotExist, 9 << 20);
        var second = await blobs.Store.WriteAsync("a", Text("2"), first.ETag, default);
        await ConflictAsync(first.ETag, 1);
        await ConflictAsync(first.ETag, 9 << 20);

        Assert.Equal(second, await blobs.Store.FindAsync("a", default));

        async Task ConflictAsync(string condition, int bytes) => Assert.Equal(
            "blob-conflict",
            (await Assert.ThrowsAsync<ProblemException>(() => blobs.Store.WriteAsync("a", (stream, token) => stream.WriteAsync(new byte[bytes], token).AsTask(), condition, default))).Problem.Code);
    }

    [AzuriteFact]
    public async Task A_reader_of_a_large_blob_never_gets_two_versions()
    {
        using var blobs = await azurite.ConnectAsync();
        await blobs.Store.WriteAsync("a", Filled(1), default);
        await using var stream = await blobs.Store.OpenReadAsync("a", 0, null, default);
        var read = new byte[24 << 20];
        var got = await stream.ReadAtLeastAsync(read.AsMemory(0, 100_000), 100_000, throwOnEndOfStream: false);
        await blobs.Store.WriteAsync("a", Filled(2), default);
        try
        {
            got += await stream.ReadAtLeastAsync(read.AsMemory(got), read.Length - got, throwOnEndOfStream: false);
            Assert.Equal(24 << 20, got);
        }
        catch (Exception ended) when (ended is ProblemException or IOException)
        {
            // Told that it has changed: that is as good.
        }

        Assert.True(read.AsSpan(0, got).IndexOfAnyExcept((byte)1) < 0);

        static Func<Stream, CancellationToken, Task> Filled(byte value) => async (stream, token) =>
        {
            var piece = new byte[1 << 20];
            piece.AsSpan().Fill(value);
            for (var i = 0; i < 24; i++)
            {
                await stream.WriteAsync(piece, token);
            }
        };
    }

    [AzuriteFact]
    public async Task Of_two_processes_that_go_on_with_one_upload_the_second_is_told()
    {
        var prefix = AzuriteServer.NewPrefix();
        using var one = await azurite.ConnectAsync(prefix);
        using var other = await azurite.ConnectAsync(prefix);
        var id = new string('a', 32);
        await using var first = await one.Store.OpenGrowingAsync(id, 0, default);
        await first.AppendAsync(new byte[10], default);
        await first.FlushAsync(default);
        await using var second = await other.Store.OpenGrowingAsync(id, 10, default);
        await first.AppendAsync(new byte[10], default);
        await first.FlushAsync(default);
        await second.AppendAsync(new byte[20], default);

        Assert.Equal("upload-locked", (await Assert.ThrowsAsync<ProblemException>(() => second.FlushAsync(default))).Problem.Code);
        Assert.Equal(20, one.Store.FindGrowing(id, "n")!.Length);
    }

    [AzuriteFact]
    public async Task A_container_is_one_installations()
    {
        var prefix = AzuriteServer.NewPrefix();
        using var blobs = await azurite.ConnectAsync(prefix);
        var (mine, other) = (Guid.NewGuid(), Guid.NewGuid());
        await (await blobs.Store.ClaimAsync(mine, "here", default)).DisposeAsync();
        await blobs.Store.WriteAsync("a", Text("1"), default);
        await (await blobs.Store.ClaimAsync(mine, "here", default)).DisposeAsync();

        Assert.Equal("storage-claimed", (await Assert.ThrowsAsync<ProblemException>(() => blobs.Store.ClaimAsync(other, "here", default))).Problem.Code);
        Assert.Equal(["a"], await blobs.Store.ListAsync(string.Empty, default).Select(blob => blob.Path).ToListAsync());

        using var used = await azurite.ConnectAsync();
        await used.Store.WriteAsync("a", Text("of a deployment"), default);
        Assert.Equal("storage-claimed", (await Assert.ThrowsAsync<ProblemException>(() => used.Store.ClaimAsync(mine, "here", default))).Problem.Code);
    }

    [AzuriteFact]
    public async Task A_container_is_held_by_one_copy_of_its_data_folder()
    {
        using var blobs = await azurite.ConnectAsync();
        var mine = Guid.NewGuid();
        var first = await blobs.Store.ClaimAsync(mine, "machine\n/data", default);
        Assert.Equal("storage-in-use", (await Assert.ThrowsAsync<ProblemException>(() => blobs.Store.ClaimAsync(mine, "machine\n/copy", default))).Problem.Code);

        // After a kill, which lets nothing go, the same folder has it back at once.
        var again = await blobs.Store.ClaimAsync(mine, "machine\n/data", default);
        Assert.False(first.Lost.IsCancellationRequested);
        await again.DisposeAsync();
        await using var copy = await blobs.Store.ClaimAsync(mine, "machine\n/copy", default);
        Assert.Equal("storage-in-use", (await Assert.ThrowsAsync<ProblemException>(() => blobs.Store.ClaimAsync(mine, "machine\n/data", default))).Problem.Code);
        await first.DisposeAsync();
    }

    [AzuriteFact]
    public async Task A_signed_address_takes_one_file_and_no_more()
    {
        using var blobs = await azurite.ConnectAsync();
        var signed = await blobs.Uploads.SignAsync("..\\folder/ä %2e b?#.csv", default);
        using var http = new HttpClient();

        Assert.Equal(201, await PutAsync(signed.Url));
        var listed = Assert.Single(await blobs.Datasets.ListAsync(string.Empty, default).ToListAsync());
        Assert.Equal(signed.Name, listed.Path);
        Assert.EndsWith("/ä %2e b?#.csv", listed.Path, StringComparison.Ordinal);
        using var reader = new StreamReader(await blobs.Datasets.OpenReadAsync(signed.Name, 0, null, default));
        Assert.Equal("content", await reader.ReadToEndAsync());

        // Not another blob, not another signature, and nothing to be read.
        Assert.Equal(403, await PutAsync(new Uri(signed.Url.AbsoluteUri.Replace(".csv?", ".csv2?", StringComparison.Ordinal))));
        Assert.Equal(403, await PutAsync(new Uri(signed.Url.AbsoluteUri.Replace("sp=c", "sp=racw", StringComparison.Ordinal))));
        Assert.Equal(403, (int)(await http.GetAsync(signed.Url)).StatusCode);
        Assert.Equal(403, await PutAsync(signed.Url));

        async Task<int> PutAsync(Uri url)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = new ByteArrayContent("content"u8.ToArray()) };
            request.Headers.Add("x-ms-blob-type", "BlockBlob");
            using var reply = await http.SendAsync(request);
            return (int)reply.StatusCode;
        }
    }

    [AzuriteFact]
    public async Task Dropped_names_that_would_climb_are_neither_listed_nor_read()
    {
        var prefix = AzuriteServer.NewPrefix();
        using var blobs = await azurite.ConnectAsync(prefix);
        var secret = await blobs.Store.WriteAsync("secret", Text("of the store"), default);
        var raw = new BlobServiceClient(azurite.Settings(prefix).ConnectionString).GetBlobContainerClient(prefix + "datasets");
        foreach (var name in new[] { "plain.csv", "a//b", "trailing.", "%2e%2e/x", "sp ace?#&=+.csv" })
        {
            await raw.GetBlobClient(name).UploadAsync(BinaryData.FromString("x"));
        }

        Assert.Equal(["%2e%2e/x", "a//b", "plain.csv", "sp ace?#&=+.csv", "trailing."], await blobs.Datasets.ListAsync(string.Empty, default).Select(blob => blob.Path).ToListAsync());
        foreach (var name in new[] { $"../{prefix}store/{secret.Path}", $"a/../../{prefix}store/secret", $"..\\{prefix}store\\secret", "/plain.csv", "", "a\nb" })
        {
            Assert.Equal("blob-path-invalid", (await Assert.ThrowsAsync<ProblemException>(() => blobs.Datasets.FindAsync(name, default))).Problem.Code);
        }

        foreach (var name in new[] { "plain.csv", "a//b", "trailing.", "%2e%2e/x", "sp ace?#&=+.csv" })
        {
            Assert.Equal(1, (await blobs.Datasets.FindAsync(name, default))!.Length);
        }
    }

    [AzuriteFact]
    public async Task A_listing_goes_over_many_pages()
    {
        using var blobs = await azurite.ConnectAsync(listPage: 10);
        await Parallel.ForEachAsync(Enumerable.Range(0, 52), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, token) => await blobs.Store.WriteAsync($"n/{i:00000}", Text(""), token));

        var paths = await blobs.Store.ListAsync("n/", default).Select(blob => blob.Path).ToListAsync();
        Assert.Equal(Enumerable.Range(0, 52).Select(i => $"n/{i:00000}"), paths);
    }

    [AzuriteFact]
    public async Task A_container_that_is_missing_is_no_missing_blob()
    {
        await azurite.ReadyAsync();
        using var blobs = AzureBlobs.Connect(azurite.Settings(AzuriteServer.NewPrefix()));

        Assert.Equal("storage-missing", (await Assert.ThrowsAsync<ProblemException>(() => blobs.Store.OpenReadAsync("a", 0, null, default))).Problem.Code);
        Assert.Equal("storage-missing", (await Assert.ThrowsAsync<ProblemException>(() => blobs.Store.WriteAsync("a", Text("x"), default))).Problem.Code);
    }

    private static Func<Stream, CancellationToken, Task> Text(string text) => (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), token).AsTask();
}
