using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AiAssignments.Pipeline.Uploads.Models;
using AiAssignments.Tests.Access;
using AiAssignments.Tests.Pipeline;

namespace AiAssignments.Tests.Uploads;

/// <summary><c>POST /api/models</c>: as a user means it, and as an attacker does.</summary>
public sealed class ModelUploadTests
{
    private static readonly string Topic = Path.Combine(PipelineFixture.ModelsFolder, "topic");

    [Fact]
    public async Task A_zip_of_a_folder_or_of_its_files_or_the_files_themselves_are_one_version()
    {
        await using var host = await GatewayHost.StartAsync();
        using var first = await ZipAsync(host, "?name=mine", archive => AddModel(archive, string.Empty));
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        var body = await first.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("mine", body.GetProperty("name").GetString());
        Assert.True(body.GetProperty("active").GetBoolean());
        Assert.Equal($"/api/models/mine/versions/{body.GetProperty("version").GetString()}", first.Headers.Location!.ToString());

        using var wrapped = await ZipAsync(host, "?name=mine", archive => AddModel(archive, "a folder/"));
        Assert.Equal(HttpStatusCode.OK, wrapped.StatusCode);
        using var form = new MultipartFormDataContent();
        foreach (var file in Directory.EnumerateFiles(Topic))
        {
            form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(file)), "files", Path.GetFileName(file));
        }

        using var files = await host.SendAsync("POST", "/api/models?name=mine", null, form);
        Assert.Equal(HttpStatusCode.OK, files.StatusCode);
        Assert.Equal(first.Headers.Location, files.Headers.Location);
        Assert.Single(await host.Runtime.Models.ListAsync(CancellationToken.None));
        IsSwept(host);
    }

    [Fact]
    public async Task Other_content_under_a_known_version_is_a_conflict_and_a_new_version_waits_until_it_is_activated()
    {
        await using var host = await GatewayHost.StartAsync();
        Assert.Equal(HttpStatusCode.Created, (await ZipAsync(host, "?name=m&version=1", archive => AddModel(archive, string.Empty))).StatusCode);
        void Other(ZipArchive archive) => AddModel(archive, string.Empty, Path.Combine(PipelineFixture.ModelsFolder, "sentiment"));
        using var conflict = await ZipAsync(host, "?name=m&version=1", Other);
        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        var problem = await conflict.Content.ReadAsStringAsync();
        Assert.Contains("model-version-exists", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(host.DataFolder, problem, StringComparison.Ordinal);

        using var second = await ZipAsync(host, "?name=m&version=2", Other);
        Assert.False((await second.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("active").GetBoolean());
        using var active = await ZipAsync(host, "?name=m&version=2&activate=true", Other);
        Assert.True((await active.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("active").GetBoolean());
        Assert.Equal("m@2", (await host.Runtime.Models.GetAsync("m", CancellationToken.None)).Reference);
    }

    [Fact]
    public async Task A_key_gives_the_same_answer_again_and_undoes_no_promotion_that_came_between()
    {
        await using var host = await GatewayHost.StartAsync();
        (string, string) key = ("Idempotency-Key", "model-7");
        var topic = Pack(archive => AddModel(archive, string.Empty));
        var other = Pack(archive => AddModel(archive, string.Empty, Path.Combine(PipelineFixture.ModelsFolder, "sentiment")));
        using var first = await SendAsync(host, "?name=m&version=1&activate=true", topic, key);
        using var promoted = await SendAsync(host, "?name=m&version=2&activate=true", other);
        using var again = await SendAsync(host, "?name=m&version=1&activate=true", topic, key);
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, promoted.StatusCode, again.StatusCode));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal("m@2", (await host.Runtime.Models.GetAsync("m", CancellationToken.None)).Reference);

        using var refused = await SendAsync(host, "?name=m&version=2", other, key);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency-key-conflict"), (refused.StatusCode, await GatewayHost.CodeAsync(refused)));
    }

    [Theory]
    [InlineData("../evil.txt", "entry-name-invalid")]
    [InlineData("a/../../evil.txt", "entry-name-invalid")]
    [InlineData("/etc/evil", "entry-name-invalid")]
    [InlineData("\\\\server\\evil", "entry-name-invalid")]
    [InlineData("C:/evil", "entry-name-invalid")]
    [InlineData("a\\..\\evil", "entry-name-invalid")]
    [InlineData("./model.onnx", "entry-name-invalid")]
    [InlineData("a//b", "entry-name-invalid")]
    [InlineData("evil\u0000.txt", "entry-name-invalid")]
    [InlineData("nul.txt", "entry-name-invalid")]
    [InlineData("evil. ", "entry-name-invalid")]
    [InlineData("stream:evil", "entry-name-invalid")]
    [InlineData("a/b/c/d/e/f/g/h/i", "entry-name-invalid")]
    [InlineData("MODEL.onnx", "entry-duplicate")]
    [InlineData("model.onnx/inside", "entry-duplicate")]
    public async Task A_name_that_is_not_plain_is_refused_with_the_entry_named(string name, string code)
    {
        await using var host = await GatewayHost.StartAsync();
        using var response = await ZipAsync(host, "?name=m", archive =>
        {
            Add(archive, "model.onnx", "x");
            Add(archive, name, "evil");
        });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(EntryNames.Show(name), problem.GetProperty("where").GetString());
        Assert.Empty(Directory.EnumerateFiles(host.DataFolder, "*evil*", SearchOption.AllDirectories));
        IsSwept(host);
    }

    [Fact]
    public async Task Links_bombs_nested_archives_and_lies_are_refused_with_the_entry_named()
    {
        await using var host = await GatewayHost.StartAsync(models: new ModelUploadLimits { MaxEntries = 20, MaxBytes = 8 << 20, RatioFloor = 1 << 20 });
        await RefusedAsync(host, "entry-link", "link", archive => Add(archive, "link", "/etc/passwd").ExternalAttributes = unchecked((int)0xA1FF0000));
        await RefusedAsync(host, "entry-bomb", "zeros", archive => Add(archive, "zeros", new byte[4 << 20], CompressionLevel.SmallestSize));
        await RefusedAsync(host, "entry-nested-archive", "inner.bin", archive =>
        {
            using var inner = new MemoryStream();
            using (var nested = new ZipArchive(inner, ZipArchiveMode.Create, leaveOpen: true))
            {
                Add(nested, "x", "x");
            }

            Add(archive, "inner.bin", inner.ToArray());
        });
        await RefusedAsync(host, "zip-too-many-entries", null, archive =>
        {
            for (var i = 0; i < 21; i++)
            {
                Add(archive, $"f{i}", "x");
            }
        });
        await RefusedAsync(host, "entry-bomb", "large2", archive =>
        {
            var noise = new byte[5 << 20];
            new Random(3).NextBytes(noise);
            Add(archive, "large1", noise);
            Add(archive, "large2", Enumerable.Repeat(noise.AsSpan(0, 1 << 10).ToArray(), 4096).SelectMany(part => part).ToArray());
        });

        // The directory says less than the entry holds, and a byte of the content is not what was packed.
        var bytes = Pack(archive => Add(archive, "lie", new string('x', 1000)));
        var directory = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(directory + 24), 10);
        await RefusedAsync(host, "entry-corrupt", "lie", bytes);
        bytes = Pack(archive => Add(archive, "damaged", "some text", CompressionLevel.NoCompression));
        bytes[bytes.AsSpan().IndexOf("some text"u8)] ^= 1;
        await RefusedAsync(host, "entry-corrupt", "damaged", bytes);
        bytes = Pack(archive => Add(archive, "secret", "x"));
        bytes[bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 8] |= 1;
        await RefusedAsync(host, "entry-encrypted", "secret", bytes);
        await RefusedAsync(host, "zip-corrupt", null, Encoding.UTF8.GetBytes("not a zip at all"));
        await RefusedAsync(host, "zip-truncated", null, Pack(archive => Add(archive, "a", "x"))[..^30]);
        IsSwept(host);
    }

    [Fact]
    public async Task Bodies_of_another_kind_or_size_are_refused_before_they_are_kept()
    {
        await using var host = await GatewayHost.StartAsync(models: new ModelUploadLimits { MaxBytes = 10_000 });
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await host.SendAsync("POST", "/api/models", null, new StringContent("{}", Encoding.UTF8, "application/json"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await host.SendAsync("POST", "/api/models")).StatusCode);
        foreach (var chunked in new[] { false, true })
        {
            using HttpContent content = chunked ? new StreamContent(new Waiting(new byte[20_000], Task.CompletedTask)) : new ByteArrayContent(new byte[20_000]);
            content.Headers.ContentType = new("application/zip");
            using var large = await host.SendAsync("POST", "/api/models?name=m", null, content);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        }

        using var form = new MultipartFormDataContent { { new StringContent("x"), "field" } };
        Assert.Equal(HttpStatusCode.BadRequest, (await host.SendAsync("POST", "/api/models", null, form)).StatusCode);
        using var climbing = new MultipartFormDataContent { { new StringContent("x"), "files", "../evil" } };
        using var refused = await host.SendAsync("POST", "/api/models", null, climbing);
        Assert.Equal("entry-name-invalid", await GatewayHost.CodeAsync(refused));
        using var cut = new ByteArrayContent(Encoding.ASCII.GetBytes("--b\r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\nno end"));
        cut.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        Assert.Equal(HttpStatusCode.BadRequest, (await host.SendAsync("POST", "/api/models", null, cut)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ZipAsync(host, "?name=../m", archive => Add(archive, "a", "x"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ZipAsync(host, "?name=m&activate=perhaps", archive => Add(archive, "a", "x"))).StatusCode);
        IsSwept(host);
        Assert.Empty(await host.Runtime.Models.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_model_that_nothing_names_is_not_registered_under_a_name_of_the_moment()
    {
        await using var host = await GatewayHost.StartAsync();
        using var form = new MultipartFormDataContent { { new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(Topic, "model.onnx"))), "files", "model.onnx" } };
        using var response = await host.SendAsync("POST", "/api/models", null, form);
        Assert.Equal("model-name-missing", await GatewayHost.CodeAsync(response));
    }

    private static void IsSwept(GatewayHost host)
    {
        var folder = Path.Combine(host.Runtime.CacheFolder, "uploads");
        Assert.Empty(Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder) : []);
    }

    private static Task RefusedAsync(GatewayHost host, string code, string? entry, Action<ZipArchive> fill) => RefusedAsync(host, code, entry, Pack(fill));

    private static async Task RefusedAsync(GatewayHost host, string code, string? entry, byte[] bytes)
    {
        using var response = await SendAsync(host, "?name=m", bytes);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.BadRequest, code), (response.StatusCode, problem.GetProperty("code").GetString()));
        if (entry is not null)
        {
            Assert.Equal(entry, problem.GetProperty("where").GetString());
        }
    }

    private static Task<HttpResponseMessage> ZipAsync(GatewayHost host, string query, Action<ZipArchive> fill) => SendAsync(host, query, Pack(fill));

    private static Task<HttpResponseMessage> SendAsync(GatewayHost host, string query, byte[] bytes, params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new("application/zip");
        return host.SendAsync("POST", "/api/models" + query, null, content, headers);
    }

    private static byte[] Pack(Action<ZipArchive> fill)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            fill(archive);
        }

        return stream.ToArray();
    }

    private static void AddModel(ZipArchive archive, string prefix, string? folder = null)
    {
        foreach (var file in Directory.EnumerateFiles(folder ?? Topic).Order(StringComparer.Ordinal))
        {
            Add(archive, prefix + Path.GetFileName(file), File.ReadAllBytes(file));
        }
    }

    private static ZipArchiveEntry Add(ZipArchive archive, string name, string text, CompressionLevel level = CompressionLevel.Fastest) => Add(archive, name, Encoding.UTF8.GetBytes(text), level);

    private static ZipArchiveEntry Add(ZipArchive archive, string name, byte[] content, CompressionLevel level = CompressionLevel.Fastest)
    {
        var entry = archive.CreateEntry(name, level);
        using var stream = entry.Open();
        stream.Write(content);
        return entry;
    }
}
