using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;
using AiAssignments.Tests.InferenceTests.Support;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Serving.Support;

/// <summary>A server over models that do as a test says, and what its tests ask of it.</summary>
public abstract class ModelServerFixture : IAsyncLifetime
{
    private protected FakeModels Models { get; } = new();

    private protected FakeTimeProvider Time { get; } = new();

    private protected ModelServer Server { get; private set; } = null!;

    public Task InitializeAsync()
    {
        Server = Make();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (var runner in Models.Runners.Values)
        {
            runner.Open();
        }

        await Server.DisposeAsync();
        Models.Dispose();
    }

    private protected ModelServer Make(ModelServerOptions? options = null) => new(Models, (options ?? ModelServerOptions.Default) with { Lanes = 2, Time = Time }, Models);

    private protected async Task RemakeAsync(ModelServerOptions options)
    {
        await Server.DisposeAsync();
        Server = Make(options);
    }

    private protected Task<ServedPredictions> AskAsync(string name, string text, string? version = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        Server.PredictAsync(name, version, [Packages.Text(0, text)], new() { Logits = true, Timeout = timeout }, cancellationToken);

    private protected Task<ServedPredictions> AskAsync(string name, string[] texts) =>
        Server.PredictAsync(name, null, [.. texts.Select((text, i) => (DatasetRecord)Packages.Text(i, text))], ServeOptions.Default, default);

    private protected static async Task<string> CodeAsync(Task task) => (await Assert.ThrowsAsync<ProblemException>(() => task)).Problem.Code;

    private protected Task QueuedAsync(string name, int rows) => UntilAsync(async () => (await Server.FindAsync(name, null, default))!.QueuedRows == rows);

    private protected Task StateAsync(string name, string version, ModelState state) => UntilAsync(async () => (await Server.FindAsync(name, version, default))?.State == state);

    private protected static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    // Waits for another thread to come so far; the test's outcome does not depend on how long that takes.
    private protected static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var tries = 0; !await holds(); tries++)
        {
            Assert.True(tries < 4000, "It did not come so far in 20 s.");
            await Task.Delay(5);
        }
    }
}
