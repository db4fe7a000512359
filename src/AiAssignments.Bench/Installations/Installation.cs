using System.Net.Http.Headers;
using System.Net.Security;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.LoadTesting.Targets;

namespace AiAssignments.Bench.Installations;

/// <summary>A running installation, seen through its gateway. It follows no redirect, and load goes to the one address that its URL's host has.</summary>
internal sealed class Installation : IDisposable
{
    private const long LargestAnswer = 64L << 20;

    private readonly HttpClient http;
    private readonly string root;
    private readonly bool allowRemote;
    private long bodyBytes;

    private Installation(LoadTarget target, string? key, bool allowRemote, bool anyCertificate)
    {
        this.allowRemote = allowRemote;
        (Target, Key, AnyCertificate) = (target, key, anyCertificate);
        root = target.Url.GetLeftPart(UriPartial.Authority);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };

        // Any certificate is what --insecure asks for.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None || anyCertificate;

        http = new HttpClient(handler) { BaseAddress = new Uri(root), MaxResponseContentBufferSize = LargestAnswer, Timeout = TimeSpan.FromSeconds(100) };
        if (key is not null)
        {
            http.DefaultRequestHeaders.Add("X-API-Key", key);
        }
    }

    /// <summary>Its URL without a path.</summary>
    public string Root => root;

    /// <summary>Where it is.</summary>
    public LoadTarget Target { get; }

    /// <summary>Bytes of bodies sent and received so far, load left out.</summary>
    public long BodyBytes => Interlocked.Read(ref bodyBytes);

    public string? Key { get; }

    public bool AnyCertificate { get; }

    /// <exception cref="ProblemException"><c>target-invalid</c>, <c>target-remote</c>, <c>target-unknown</c>.</exception>
    public static async Task<Installation> OpenAsync(string url, string? key, bool allowRemote, bool anyCertificate, CancellationToken cancellationToken)
    {
        var target = await LoadTarget.ResolveAsync(url, LoadProtocol.Http1, allowRemote, cancellationToken).ConfigureAwait(false);
        return new Installation(target, key, allowRemote, anyCertificate);
    }

    /// <summary>A path of it as the target of load.</summary>
    public Task<LoadTarget> TargetOfAsync(string path, LoadProtocol protocol, CancellationToken cancellationToken) => LoadTarget.ResolveAsync(
        (protocol == LoadProtocol.WebSocket ? "ws" + root["http".Length..] : root) + path, protocol, allowRemote, cancellationToken);

    /// <summary>What load sends along.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers(string? contentType)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (Key is not null)
        {
            headers.Add(new("X-API-Key", Key));
        }

        if (contentType is not null)
        {
            headers.Add(new("Content-Type", contentType));
        }

        return headers;
    }

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken).ConfigureAwait(false);
        return await JsonAsync(answer, path, cancellationToken).ConfigureAwait(false);
    }

    public async Task<string> TextAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken).ConfigureAwait(false);
        await RequireAsync(answer, path, cancellationToken).ConfigureAwait(false);
        return await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<JsonElement> PostAsync(string path, byte[] body, string contentType, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return await PostAsync(path, content, cancellationToken).ConfigureAwait(false);
    }

    public async Task<JsonElement> PostAsync(string path, HttpContent content, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content }, cancellationToken).ConfigureAwait(false);
        return await JsonAsync(answer, path, cancellationToken).ConfigureAwait(false);
    }

    public Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken) =>
        PostAsync(path, JsonSerializer.SerializeToUtf8Bytes(body, JsonSerializerOptions.Web), "application/json", cancellationToken);

    /// <summary>Deletes; what is not there any more is no problem.</summary>
    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Delete, path), cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode != System.Net.HttpStatusCode.NotFound)
        {
            await RequireAsync(answer, path, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>All items of a list, page by page, up to <paramref name="most"/>.</summary>
    public async Task<List<JsonElement>> ListAsync(string path, int most, CancellationToken cancellationToken)
    {
        var items = new List<JsonElement>();
        string? continuation = null;
        int before;
        do
        {
            // A page that is empty and says that there are more would go on for ever.
            before = items.Count;
            var page = await GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}pageSize=200{(continuation is null ? string.Empty : $"&continuation={Uri.EscapeDataString(continuation)}")}", cancellationToken).ConfigureAwait(false);
            items.AddRange(page.Property("items") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : []);
            continuation = page.Text("continuation");
        }
        while (continuation is not null && items.Count < most && items.Count > before);
        return items;
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            try
            {
                var answer = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
                Interlocked.Add(ref bodyBytes, (request.Content?.Headers.ContentLength ?? 0) + (answer.Content.Headers.ContentLength ?? 0));
                return answer;
            }
            catch (HttpRequestException error)
            {
                throw new ProblemException(new Problem("target-unreachable", $"The installation does not answer: {error.Message}", root), error);
            }
            catch (TaskCanceledException error) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ProblemException(new Problem("target-unreachable", "The installation did not answer in time.", root), error);
            }
        }
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer, string path, CancellationToken cancellationToken)
    {
        await RequireAsync(answer, path, cancellationToken).ConfigureAwait(false);
        try
        {
            using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new ProblemException(new Problem("target-unfit", "What answers there is no gateway of this project: its answer is no JSON.", path), error);
        }
    }

    private static async Task RequireAsync(HttpResponseMessage answer, string path, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode)
        {
            return;
        }

        if (answer.StatusCode is System.Net.HttpStatusCode.Unauthorized or System.Net.HttpStatusCode.Forbidden)
        {
            throw new ProblemException("target-refused", $"The installation refuses ({(int)answer.StatusCode}): give a key with the scopes read and write by --key or $AIA_KEY, or --read-only with one that reads.", path);
        }

        var text = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        throw new ProblemException("target-unfit", $"The installation answered {(int)answer.StatusCode}: {(text.Length > 200 ? text[..200] : text)}", path);
    }
}
