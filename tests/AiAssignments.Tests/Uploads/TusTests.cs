using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiAssignments.Pipeline.Uploads;
using AiAssignments.Tests.Access;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Uploads;

/// <summary>The tus protocol 1.0.0 as its specification says it, against a real web server.</summary>
public sealed class TusTests
{
    private const string Collection = "/api/datasets/uploads";
    private static readonly (string, string) Version = ("Tus-Resumable", "1.0.0");
    private static readonly byte[] Csv = Dataset(2000);

    [Fact]
    public async Task A_dataset_comes_in_pieces_and_is_registered_at_the_last()
    {
        await using var host = await GatewayHost.StartAsync();
        var location = await CreateAsync(host, Csv.Length);
        Assert.StartsWith(Collection + "/", location, StringComparison.Ordinal);
        var at = 0;
        foreach (var size in new[] { 1, 1000, 0, 5000, Csv.Length })
        {
            Assert.Equal(at, await OffsetAsync(host, location));
            var piece = Csv.AsSpan(at, Math.Min(size, Csv.Length - at)).ToArray();
            using var response = await PatchAsync(host, location, at, piece);
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            at += piece.Length;
            Assert.Equal(at.ToString(System.Globalization.CultureInfo.InvariantCulture), response.Headers.GetValues("Upload-Offset").Single());
            Assert.Equal("1.0.0", response.Headers.GetValues("Tus-Resumable").Single());
            Assert.True(DateTimeOffset.Parse(response.Headers.GetValues("Upload-Expires").Single(), System.Globalization.CultureInfo.InvariantCulture) > DateTimeOffset.UtcNow);
            Assert.Equal(at == Csv.Length, response.Headers.Contains("Dataset-Id"));
        }

        var state = await (await host.SendAsync("GET", location)).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("registered", state.GetProperty("state").GetString());
        await IsRegisteredAsync(host, state.GetProperty("datasetId").GetString()!);
        Assert.Empty(host.Runtime.Blobs.ListGrowing());
        lock (host.Progress)
        {
            Assert.Equal(["receiving", "registering", "completed"], host.Progress.Select(progress => progress.Stage).Distinct());
        }
    }

    [Fact]
    public async Task A_creation_sent_again_with_its_key_begins_nothing_twice()
    {
        await using var host = await GatewayHost.StartAsync();
        (string, string)[] headers = [("Upload-Length", "100"), ("Upload-Metadata", "filename YS5jc3Y="), ("Idempotency-Key", "once")];
        using var first = await PostAsync(host, headers);
        await host.RestartAsync();
        using var again = await PostAsync(host, headers);
        Assert.Equal((HttpStatusCode.Created, first.Headers.Location), (again.StatusCode, again.Headers.Location));
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal("1.0.0", again.Headers.GetValues("Tus-Resumable").Single());
        Assert.Single((await host.Desk.ListAsync(100, null, CancellationToken.None)).Item1);

        using var other = await PostAsync(host, ("Upload-Length", "101"), ("Upload-Metadata", "filename YS5jc3Y="), ("Idempotency-Key", "once"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
    }

    [Fact]
    public async Task What_a_restart_interrupts_goes_on_where_it_stood()
    {
        await using var host = await GatewayHost.StartAsync();
        var location = await CreateAsync(host, Csv.Length);
        (await PatchAsync(host, location, 0, Csv[..3000])).Dispose();

        // Bytes beyond what was acknowledged, as a kill in the middle of a piece leaves them.
        var growing = Path.Combine(host.DataFolder, ".growing", Assert.Single(host.Runtime.Blobs.ListGrowing()));
        await host.RestartAsync();
        await File.AppendAllTextAsync(growing, "never acknowledged");
        Assert.Equal(3000, await OffsetAsync(host, location));
        using var last = await PatchAsync(host, location, 3000, Csv[3000..]);
        Assert.Equal(HttpStatusCode.NoContent, last.StatusCode);
        await IsRegisteredAsync(host, last.Headers.GetValues("Dataset-Id").Single());
    }

    [Fact]
    public async Task What_was_whole_when_the_server_stopped_becomes_a_dataset_at_the_next_start()
    {
        await using var host = await GatewayHost.StartAsync();
        var upload = await host.Desk.CreateAsync("late.csv", Csv.Length, evaluate: false, CancellationToken.None);
        (await PatchAsync(host, $"{Collection}/{upload.Id}", 0, Csv[..^1])).Dispose();

        // As if the process had ended between the last byte and its registration.
        await File.AppendAllTextAsync(Path.Combine(host.DataFolder, ".growing", upload.Id), Encoding.UTF8.GetString(Csv[^1..]));
        await host.Runtime.Documents.PutAsync("uploads", "all", upload.Id, upload with { Offset = Csv.Length }, null, CancellationToken.None);
        await host.RestartAsync();
        await UntilAsync(async () => (await host.Desk.GetAsync(upload.Id, CancellationToken.None)).State == UploadState.Registered);
        await IsRegisteredAsync(host, (await host.Desk.GetAsync(upload.Id, CancellationToken.None)).DatasetId!);
    }

    [Fact]
    public async Task A_lost_connection_keeps_what_came()
    {
        await using var host = await GatewayHost.StartAsync();
        var csv = Dataset(100_000);
        var location = await CreateAsync(host, csv.Length);
        using (await RawRequest.SendAsync(host.Http.BaseAddress!, "PATCH", location, csv.Length, csv[..^100], "Tus-Resumable: 1.0.0", "Upload-Offset: 0", "Content-Type: application/offset+octet-stream"))
        {
            // Bytes are written a megabyte at a time.
            await UntilAsync(() => Task.FromResult(Directory.EnumerateFiles(Path.Combine(host.DataFolder, ".growing")).Sum(file => new FileInfo(file).Length) > 0));
        }

        // The server notices in its own time, and until then the upload is locked.
        await UntilAsync(async () => await OffsetAsync(host, location) > 0);
        HttpResponseMessage? last = null;
        await UntilAsync(async () =>
        {
            var at = (int)await OffsetAsync(host, location);
            Assert.InRange(at, 1 << 20, csv.Length - 100);
            last = await PatchAsync(host, location, at, csv[at..]);
            return last.StatusCode != HttpStatusCode.Locked;
        });
        Assert.Equal(HttpStatusCode.NoContent, last!.StatusCode);
        await IsRegisteredAsync(host, last.Headers.GetValues("Dataset-Id").Single(), csv);
    }

    [Fact]
    public async Task Two_pieces_at_once_are_one_too_many()
    {
        await using var host = await GatewayHost.StartAsync();
        var location = await CreateAsync(host, Csv.Length);
        using var first = await BeginAsync();
        Assert.Equal(HttpStatusCode.Locked, (await host.SendAsync("DELETE", location, null, null, Version)).StatusCode);
        Assert.StartsWith("HTTP/1.1 204", await first.FinishAsync(Csv[60..100]), StringComparison.Ordinal);
        Assert.Equal(100, await OffsetAsync(host, location));

        // Whether it has begun is seen by a second piece that is refused; one that comes in the very moment before is the first, and then both begin once more.
        async Task<RawRequest> BeginAsync()
        {
            for (var patience = 0; patience < 20; patience++)
            {
                var request = await RawRequest.SendAsync(
                    host.Http.BaseAddress!, "PATCH", location, 100, Csv[..60], "Tus-Resumable: 1.0.0", "Upload-Offset: 0", "Content-Type: application/offset+octet-stream");
                for (var looks = 0; looks < 100; looks++)
                {
                    var second = (await PatchAsync(host, location, 1, [1])).StatusCode;
                    if (second != HttpStatusCode.Conflict)
                    {
                        Assert.Equal(HttpStatusCode.Locked, second);
                        return request;
                    }

                    await Task.Delay(10);
                }

                request.Dispose();
            }

            throw new TimeoutException("The first piece did not begin.");
        }
    }

    [Fact]
    public async Task A_piece_counts_only_when_it_matches_its_checksum()
    {
        await using var host = await GatewayHost.StartAsync();
        var location = await CreateAsync(host, Csv.Length);
        var sum = Convert.ToBase64String(SHA1.HashData(Csv.AsSpan(0, 500)));
        using var wrong = await PatchAsync(host, location, 0, Csv[1..501], ("Upload-Checksum", $"sha1 {sum}"));
        Assert.Equal(460, (int)wrong.StatusCode);
        Assert.Equal(0, await OffsetAsync(host, location));
        Assert.Equal(HttpStatusCode.NoContent, (await PatchAsync(host, location, 0, Csv[..500], ("Upload-Checksum", $"sha1 {sum}"))).StatusCode);
        foreach (var unknown in new[] { "md5 AAAA", "sha1", "sha1 AAAA", "sha1 !!!" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await PatchAsync(host, location, 500, Csv[500..], ("Upload-Checksum", unknown))).StatusCode);
        }

        var rest = Convert.ToBase64String(SHA256.HashData(Csv.AsSpan(500)));
        using var last = await PatchAsync(host, location, 500, Csv[500..], ("Upload-Checksum", $"sha256 {rest}"));
        await IsRegisteredAsync(host, last.Headers.GetValues("Dataset-Id").Single());
    }

    [Fact]
    public async Task Requests_that_break_the_protocol_change_nothing()
    {
        await using var host = await GatewayHost.StartAsync(uploads: new UploadOptions { MaxBytes = 1_000_000, MostOpen = 2 });
        var location = await CreateAsync(host, 100);
        using var old = await host.SendAsync("HEAD", location, null, null, ("Tus-Resumable", "0.2.2"));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "1.0.0"), (old.StatusCode, old.Headers.GetValues("Tus-Version").Single()));
        using var text = new StringContent("x", Encoding.UTF8, "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await host.SendAsync("PATCH", location, null, text, Version, ("Upload-Offset", "0"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await PatchAsync(host, location, 5, [1])).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PatchAsync(host, location, 0, new byte[101])).StatusCode);
        using var endless = new StreamContent(new Waiting(new byte[101], Task.CompletedTask));
        endless.Headers.ContentType = new("application/offset+octet-stream");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await host.SendAsync("PATCH", location, null, endless, Version, ("Upload-Offset", "0"))).StatusCode);
        Assert.Equal(0, await OffsetAsync(host, location));
        Assert.Equal(HttpStatusCode.BadRequest, (await host.SendAsync("PATCH", location, null, Piece([1]), Version)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PatchAsync(host, $"{Collection}/{new string('0', 32)}", 0, [1])).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PatchAsync(host, $"{Collection}/..%2f..%2fdocuments.db", 0, [1])).StatusCode);

        foreach (var length in new[] { "-1", "1.5", "x", "", "0" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(host, ("Upload-Length", length))).StatusCode);
        }

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(host, ("Upload-Length", "1000001"), ("Upload-Metadata", "filename YS5jc3Y="))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(host, ("Upload-Length", "5"), ("Upload-Metadata", "filename !!!"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(host, ("Upload-Length", "5"), ("Upload-Metadata", "filename"))).StatusCode);
        await CreateAsync(host, 5);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync(host, ("Upload-Length", "5"), ("Upload-Metadata", "filename YS5jc3Y="))).StatusCode);
    }

    [Fact]
    public async Task The_server_says_what_it_speaks_and_takes_overridden_methods()
    {
        await using var host = await GatewayHost.StartAsync(uploads: new UploadOptions { MaxBytes = 123_456 });
        using var options = await host.SendAsync("OPTIONS", Collection);
        Assert.Equal(HttpStatusCode.NoContent, options.StatusCode);
        Assert.Equal("creation,expiration,checksum,termination", options.Headers.GetValues("Tus-Extension").Single());
        Assert.Equal("123456", options.Headers.GetValues("Tus-Max-Size").Single());
        Assert.Contains("sha1", options.Headers.GetValues("Tus-Checksum-Algorithm").Single(), StringComparison.Ordinal);

        var location = await CreateAsync(host, 100);
        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync("POST", location, null, Piece([1, 2]), Version, ("Upload-Offset", "0"), ("X-HTTP-Method-Override", "PATCH"))).StatusCode);
        Assert.Equal(2, await OffsetAsync(host, location));
        Assert.Equal(HttpStatusCode.BadRequest, (await host.SendAsync("POST", location, null, Piece([1]), Version, ("Upload-Offset", "2"))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync("POST", location, null, null, Version, ("X-HTTP-Method-Override", "DELETE"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.SendAsync("HEAD", location, null, null, Version)).StatusCode);
    }

    [Fact]
    public async Task What_nobody_goes_on_with_expires_and_is_swept()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await GatewayHost.StartAsync(uploads: new UploadOptions { SweepEvery = TimeSpan.FromDays(40) }, time: time);
        var (kept, ended, expired) = (await CreateAsync(host, Csv.Length), await CreateAsync(host, 100), await CreateAsync(host, 100));
        foreach (var location in new[] { kept, ended, expired })
        {
            (await PatchAsync(host, location, 0, Csv[..50])).Dispose();
        }

        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync("DELETE", ended, null, null, Version)).StatusCode);
        Assert.Equal(2, host.Runtime.Blobs.ListGrowing().Count);
        time.Advance(TimeSpan.FromHours(23));
        (await PatchAsync(host, kept, 50, Csv[50..100])).Dispose();
        time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.Gone, (await PatchAsync(host, expired, 50, Csv[50..100])).StatusCode);
        await host.Desk.SweepAsync(CancellationToken.None);
        Assert.Equal(HttpStatusCode.NotFound, (await PatchAsync(host, expired, 50, Csv[50..100])).StatusCode);
        Assert.Equal(100, await OffsetAsync(host, kept));
        Assert.Single(host.Runtime.Blobs.ListGrowing());

        lock (host.Progress)
        {
            // Whoever watches is told that they end.
            Assert.Equal([ended, expired], host.Progress.Where(progress => progress.Stage == "cancelled").Select(progress => $"{Collection}/{progress.JobId}"));
        }

        await File.WriteAllTextAsync(Path.Combine(host.DataFolder, ".growing", new string('a', 32)), "nobody's");
        await host.Desk.SweepAsync(CancellationToken.None);
        Assert.Single(host.Runtime.Blobs.ListGrowing());
    }

    [Fact]
    public async Task What_is_no_dataset_is_refused_with_the_reason_and_leaves_no_bytes()
    {
        await using var host = await GatewayHost.StartAsync();
        var noise = new byte[5000];
        new Random(1).NextBytes(noise);
        var location = await CreateAsync(host, noise.Length);
        using var last = await PatchAsync(host, location, 0, noise);
        Assert.Equal(HttpStatusCode.BadRequest, last.StatusCode);
        var state = await (await host.SendAsync("GET", location)).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("refused", state.GetProperty("state").GetString());
        Assert.Equal(await GatewayHost.CodeAsync(last), state.GetProperty("problem").GetProperty("code").GetString());
        Assert.Empty(host.Runtime.Blobs.ListGrowing());
    }

    internal static async Task UntilAsync(Func<Task<bool>> done)
    {
        for (var patience = 0; !await done(); patience++)
        {
            Assert.True(patience < 1000, "It did not come about in ten seconds.");
            await Task.Delay(10);
        }
    }

    internal static byte[] Dataset(int rows) =>
        Encoding.UTF8.GetBytes("text,label\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"\"text number {i}, good\",{(i % 2 == 0 ? "positive" : "negative")}\n")));

    private static async Task IsRegisteredAsync(GatewayHost host, string id, byte[]? csv = null)
    {
        csv ??= Csv;
        var dataset = await host.Runtime.Datasets.GetAsync(id, CancellationToken.None);
        Assert.Equal(csv.Length, dataset.SizeBytes);
        var stream = await host.Runtime.OpenBlobAsync(dataset.StagedPath, CancellationToken.None);
        await using (stream)
        {
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            Assert.Equal(csv, copy.ToArray());
        }

        Assert.Equal(await HashAsync(host, csv), dataset.ContentHash);
    }

    // The same bytes dropped as a file: what was hashed on the way is what is hashed from the disk.
    private static async Task<string> HashAsync(GatewayHost host, byte[] csv)
    {
        var file = host.PathOf("again.csv");
        await File.WriteAllBytesAsync(file, csv);
        return await Evaluation.Datasets.Staging.ContentHash.ComputeAsync(new Core.Datasets.FileDataSource(file), null, CancellationToken.None);
    }

    private static Task<HttpResponseMessage> PostAsync(GatewayHost host, params (string, string)[] headers) => host.SendAsync("POST", Collection, null, null, [Version, .. headers]);

    private static async Task<string> CreateAsync(GatewayHost host, long length)
    {
        var name = Convert.ToBase64String(Encoding.UTF8.GetBytes("reviews.csv"));
        using var created = await PostAsync(host, ("Upload-Length", length.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("Upload-Metadata", $"filename {name},filetype dGV4dC9jc3Y="));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return created.Headers.Location!.ToString();
    }

    private static async Task<long> OffsetAsync(GatewayHost host, string location)
    {
        using var head = await host.SendAsync("HEAD", location, null, null, Version);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.True(head.Headers.CacheControl!.NoStore);
        return long.Parse(head.Headers.GetValues("Upload-Offset").Single(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Task<HttpResponseMessage> PatchAsync(GatewayHost host, string location, long offset, byte[] piece, params (string, string)[] more) =>
        host.SendAsync("PATCH", location, null, Piece(piece), [Version, ("Upload-Offset", offset.ToString(System.Globalization.CultureInfo.InvariantCulture)), .. more]);

    private static ByteArrayContent Piece(byte[] piece)
    {
        var content = new ByteArrayContent(piece);
        content.Headers.ContentType = new("application/offset+octet-stream");
        return content;
    }
}
