using System.Net;
using AiAssignments.Azure.Hosting;
using AiAssignments.Azure.Identity;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Remote;
using AiAssignments.Tests.WebPubSub;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Functions;

/// <summary>Inference servers from the Functions app: settings, tokens, and a full queue that is no failure.</summary>
public sealed class InferenceTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_token_is_asked_for_once_kept_until_it_is_old_and_forgotten_when_refused()
    {
        var time = new FakeTimeProvider(Now);
        var credential = new CountingCredential(time, TimeSpan.FromHours(1));
        var status = HttpStatusCode.OK;
        var wire = new Wire(_ => new HttpResponseMessage(status));
        using var http = new HttpClient(new BearerHandler(new TokenSource(credential, "api://app/.default", time), wire));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => http.GetAsync("https://inference.example/v2/health/ready")));
        Assert.Equal(1, credential.Count);
        Assert.All(wire.Asked, asked => Assert.Equal("entra-1", asked.Token));

        time.Advance(TimeSpan.FromMinutes(54));
        await http.GetAsync("https://inference.example/");
        Assert.Equal(1, credential.Count);
        time.Advance(TimeSpan.FromMinutes(2));
        await http.GetAsync("https://inference.example/");
        Assert.Equal("entra-2", wire.Asked[^1].Token);

        status = HttpStatusCode.Unauthorized;
        await http.GetAsync("https://inference.example/");
        await http.GetAsync("https://inference.example/");
        Assert.Equal(["entra-2", "entra-3"], wire.Asked.TakeLast(2).Select(asked => asked.Token));
        Assert.All(credential.Scopes, scope => Assert.Equal("api://app/.default", scope));
    }

    [Fact]
    public async Task Where_no_token_can_be_had_one_that_is_good_still_goes_on_and_then_requests_fail_as_unsent()
    {
        var time = new FakeTimeProvider(Now);
        var credential = new CountingCredential(time, TimeSpan.FromHours(1));
        var wire = new Wire(_ => new HttpResponseMessage(HttpStatusCode.OK));
        using var http = new HttpClient(new BearerHandler(new TokenSource(credential, "api://app/.default", time), wire));
        await http.GetAsync("https://inference.example/");

        credential.Fault = new AuthenticationFailedException("The issuer does not answer.");
        time.Advance(TimeSpan.FromMinutes(57));
        await http.GetAsync("https://inference.example/");
        await http.GetAsync("https://inference.example/");
        Assert.Equal(["entra-1", "entra-1", "entra-1"], wire.Asked.Select(asked => asked.Token));

        time.Advance(TimeSpan.FromMinutes(4));
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("https://inference.example/"));
        Assert.Equal(HttpRequestError.UserAuthenticationError, failed.HttpRequestError);
        Assert.Contains("The issuer does not answer.", failed.Message);
        Assert.Equal(3, wire.Asked.Count);

        credential.Fault = null;
        await http.GetAsync("https://inference.example/");
        Assert.Equal("entra-2", wire.Asked[^1].Token);
    }

    [Fact]
    public void Settings_are_read_by_their_names_and_refused_by_them()
    {
        Assert.Null(InferenceSettings.Read(Of()));
        var read = InferenceSettings.Read(Of(
            ("Inference:Servers", "https://a.example, https://b.example:8443"), ("Inference:Audience", "client-id"), ("Inference:HeavyModelBytes", "0"),
            ("Inference:TimeoutSeconds", "200"), ("Inference:HealthIntervalSeconds", "0"), ("Inference:FanOutWidth", "8")))!;
        Assert.Equal(["https://a.example/", "https://b.example:8443/"], read.Servers.Servers.Select(server => server.AbsoluteUri));
        Assert.Equal((TimeSpan.FromSeconds(200), Timeout.InfiniteTimeSpan), (read.Servers.Timeout, read.Servers.HealthInterval));
        Assert.Equal(("client-id", 0L, 8), (read.Audience, read.HeavyModelBytes, read.FanOutWidth));

        foreach (var (name, value) in new[] { ("FanOutWidth", "0"), ("HealthIntervalSeconds", "x"), ("HeavyModelBytes", "-1"), ("TimeoutSeconds", "soon") })
        {
            var refused = Assert.Throws<ProblemException>(() => InferenceSettings.Read(Of(("Inference:Servers", "https://a.example"), ($"Inference:{name}", value))));
            Assert.Contains($"Inference__{name}", refused.Problem.Message, StringComparison.Ordinal);
        }

        Assert.Contains("Inference__Servers", Assert.Throws<ProblemException>(() => InferenceSettings.Read(Of(("Inference:Servers", "ftp://x")))).Problem.Message, StringComparison.Ordinal);
        Assert.Equal(new WorkflowSettings(32, "AzureStorage"), WorkflowSettings.Read(Of()));
        Assert.Equal(
            new WorkflowSettings(5, "DurableTaskScheduler"),
            WorkflowSettings.Read(Of(("Workflows:Provider", "DurableTaskScheduler"), ("Evaluations:FanOutWidth", "5"), ("AzureFunctionsJobHost:extensions:durableTask:storageProvider:type", "azureManaged"))));
        Assert.Throws<ProblemException>(() => WorkflowSettings.Read(Of(("Workflows:Provider", "DurableTaskScheduler"))));
        Assert.Throws<ProblemException>(() => WorkflowSettings.Read(Of(("Workflows:Provider", "Netherite"))));
        Assert.True(WorkflowSettings.Read(Of(("Workflows:ProfileMemory", "true"))).ProfileMemory);
        Assert.Throws<ProblemException>(() => WorkflowSettings.Read(Of(("Workflows:ProfileMemory", "perhaps"))));
        Assert.Equal(7, WorkflowSettings.Read(Of(("Workflows:JobDays", "7"))).JobDays);
        Assert.Throws<ProblemException>(() => WorkflowSettings.Read(Of(("Workflows:JobDays", "0"))));
    }

    [Fact]
    public async Task A_full_queue_is_waited_for_and_then_left_to_the_caller_who_is_told_when_to_come_back()
    {
        var time = new FakeTimeProvider(Now) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        var server = new FullServer(full: 3);
        using var scorer = new RemoteScorer(Version(), server, time);
        var records = Enumerable.Range(0, 150).Select(index => (DatasetRecord)new TextRecord(new RecordPosition(index, 0), $"text {index}", null, null, [])).ToList();
        var batches = new List<int>();
        var scoring = scorer.ScoreAsync(records, (count, _) => batches.Add(count), CancellationToken.None);
        while (!scoring.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(records, (await scoring).Select(scored => scored.Record));
        Assert.Equal([64, 64, 22], batches);
        Assert.Equal(6, server.Asked);

        using var patient = new RemoteScorer(Version(), new FullServer(full: int.MaxValue), time);
        var waiting = patient.ScoreAsync(records, null, CancellationToken.None);
        while (!waiting.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var full = await Assert.ThrowsAsync<ProblemException>(() => waiting);
        Assert.Equal(("queue-full", TimeSpan.FromSeconds(2)), (full.Problem.Code, full.RetryAfter));
    }

    private static IConfiguration Of(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value))).Build();

    private static ModelVersion Version() => new()
    {
        Card = new ModelCard { Name = "m", Version = "1", Task = ModelTask.TextClassification, Labels = ["a", "b"] },
        ContentHash = "h",
        SizeBytes = 1,
        Parameters = 1,
        Files = [],
        RegisteredAt = Now,
        Active = true,
    };

    private sealed class FullServer(int full) : IModelServer
    {
        private int left = full;

        public int Asked { get; private set; }

        public Task<ServedPredictions> PredictAsync(string name, string? version, IReadOnlyList<DatasetRecord> records, ServeOptions options, CancellationToken cancellationToken)
        {
            Asked++;
            return left-- > 0
                ? throw new ProblemException("queue-full", "Full.") { RetryAfter = TimeSpan.FromSeconds(2) }
                : Task.FromResult(new ServedPredictions(new ModelKey(name, version!), Version().Card, [.. records.Select(record => new ScoredRecord(record, null, null))], default));
        }

        public Task<ServedTensors> InferAsync(string name, string? version, IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs, ServeOptions options, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<ModelStatus>> ListAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ModelStatus?> FindAsync(string name, string? version, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task LoadAsync(string name, string? version, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task UnloadAsync(string name, string? version, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<MemoryFreed> TrimAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
