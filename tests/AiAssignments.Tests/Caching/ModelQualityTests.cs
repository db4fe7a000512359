using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Models;
using AiAssignments.Embedded.Documents;
using AiAssignments.Evaluation.Results;
using AiAssignments.Pipeline;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Models.Quality;
using AiAssignments.Tests.Pipeline;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Caching;

public sealed class ModelQualityTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Finished_evaluations_make_the_quality_and_a_deleted_one_unmakes_it()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var model = await fixture.ModelAsync("topic");
        var dataset = await fixture.SampleAsync("topics.jsonl");
        Assert.Null((await QualityAsync(fixture))?.Accuracy);

        var first = await fixture.EvaluateAsync(model, dataset, new EvaluationOptions { BootstrapSamples = 100 });
        var headline = first.Outcome!.Headline;
        Assert.Equal(new ModelQuality(headline.Value!.Value, headline.Lower, headline.Upper, "accuracy", 1, first.Outcome.Records), await QualityAsync(fixture));

        var half = await fixture.DatasetAsync("half.csv", "text,label\nthe team won the match,Sports\nthe team won the match,World\n");
        var second = await fixture.EvaluateAsync(model, half, new EvaluationOptions { BootstrapSamples = 100 });
        var both = await QualityAsync(fixture);
        Assert.Equal((headline.Value.Value + second.Outcome!.Headline.Value!.Value) / 2, both!.Accuracy, 12);
        Assert.Equal((2, first.Outcome.Records + 2), (both.Evaluations, both.Records));
        Assert.Equal((second.Outcome.Headline.Lower, second.Outcome.Headline.Upper), (both.Lower, both.Upper));

        Assert.True(await fixture.Runtime.Evaluations.DeleteAsync(second.Id, CancellationToken.None));
        Assert.Equal(headline.Value, (await QualityAsync(fixture))!.Accuracy);
        Assert.True(await fixture.Runtime.Evaluations.DeleteAsync(first.Id, CancellationToken.None));
        Assert.Null(await QualityAsync(fixture));
    }

    [Fact]
    public async Task A_data_folder_without_qualities_has_them_after_the_next_start()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var model = await fixture.ModelAsync("topic");
        await fixture.EvaluateAsync(model, await fixture.SampleAsync("topics.jsonl"), new EvaluationOptions { BootstrapSamples = 100 });
        var noted = await QualityAsync(fixture);
        Assert.NotNull(noted);

        await fixture.Runtime.DisposeAsync();
        using (var documents = new SqliteDocumentStore(Directory.GetFiles(fixture.DataFolder, "documents.db", SearchOption.AllDirectories).Single()))
        {
            var present = await documents.FindAsync<ModelVersion>(Containers.Models, Containers.Partition, model.Reference, CancellationToken.None);
            await documents.PutAsync(Containers.Models, Containers.Partition, model.Reference, present!.Value with { Quality = null }, null, CancellationToken.None);
        }

        await fixture.ReopenAsync();
        Assert.Equal(noted, await QualityAsync(fixture));
    }

    [Fact]
    public async Task Noting_twice_and_many_at_once_end_in_what_the_outcomes_say()
    {
        using var store = new Store();
        await store.RegisterAsync("m", "1", active: true);
        var ledger = new QualityLedger(store.Documents);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(index => Task.Run(async () =>
        {
            await store.FinishAsync($"e{index:D2}", "m@1", 0.5 + (index / 100.0), Noon.AddMinutes(index));
            await ledger.RefreshAsync("m@1", CancellationToken.None);
            await ledger.RefreshAsync("m@1", CancellationToken.None);
            if (index % 2 == 1)
            {
                await store.Documents.DeleteAsync(Containers.Evaluations, Containers.Partition, $"e{index:D2}", CancellationToken.None);
                await ledger.RefreshAsync("m@1", CancellationToken.None);
            }
        })));

        // What is left: 0.50, 0.52, ... 0.60; the latest is 0.60.
        var quality = (await store.ModelAsync("m@1")).Quality!;
        Assert.Equal(0.55, quality.Accuracy, 12);
        Assert.Equal((6, 600L, 0.59), (quality.Evaluations, quality.Records, Math.Round(quality.Lower!.Value, 12)));
    }

    [Fact]
    public async Task A_promotion_and_a_quality_noted_meanwhile_both_stay()
    {
        using var store = new Store();
        await store.RegisterAsync("m", "1", active: true);
        await store.FinishAsync("e", "m@1", 0.75, Noon);
        var noted = false;
        await store.Documents.UpdateModelAsync(
            "m@1",
            async (present, token) =>
            {
                if (!noted)
                {
                    noted = true;
                    await new QualityLedger(store.Documents).RefreshAsync("m@1", token);
                }

                return present with { Active = false };
            },
            CancellationToken.None);
        var model = await store.ModelAsync("m@1");
        Assert.Equal((false, 0.75), (model.Active, model.Quality?.Accuracy));
    }

    [Fact]
    public void Undefined_figures_and_those_of_another_content_do_not_count()
    {
        var version = Store.Version("m", "1", true);
        var outcomes = new[] { Store.Outcome("a", "m@1", 0.5, Noon), Store.Outcome("b", "m@1", null, Noon.AddDays(1)), Store.Outcome("c", "m@1", 0.9, Noon) with { ModelHash = "other" } };
        Assert.Equal(0.5, QualityLedger.Of(version, outcomes)!.Accuracy);
        Assert.Null(QualityLedger.Of(version, outcomes[1..]));
    }

    [Fact]
    public async Task Models_over_a_threshold_are_two_queries_however_many_there_are()
    {
        using var store = new Store();
        var ledger = new QualityLedger(store.Documents);
        for (var i = 0; i < 30; i++)
        {
            await store.RegisterAsync($"m{i:D2}", "1", active: false);
            await store.RegisterAsync($"m{i:D2}", "2", active: true);
            if (i < 20)
            {
                await store.FinishAsync($"e{i}", $"m{i:D2}@2", i / 20.0, Noon);
                await ledger.RefreshAsync($"m{i:D2}@2", CancellationToken.None);
            }
        }

        var counting = new CountingDocumentStore(store.Documents);
        var catalog = new ModelCatalog(counting);
        var page = await catalog.QueryAsync(new ModelQuery { MinAccuracy = 0.9, Sort = "-accuracy" }, CancellationToken.None);
        Assert.Equal(["m19", "m18"], page.Items.Select(item => item.Active.Card.Name));
        Assert.All(page.Items, item => Assert.Equal(["1", "2"], item.Versions.Select(version => version.Card.Version)));
        Assert.Equal((2, 0), (counting.Queries, counting.Reads));

        var names = new List<string>();
        string? continuation = null;
        do
        {
            page = await catalog.QueryAsync(new ModelQuery { PageSize = 7, Continuation = continuation, Task = ModelTask.TextClassification }, CancellationToken.None);
            names.AddRange(page.Items.Select(item => item.Active.Card.Name));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"m{i:D2}"), names);
        Assert.Empty((await catalog.QueryAsync(new ModelQuery { Task = ModelTask.ImageClassification }, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task Finding_a_model_by_its_name_reads_one_document()
    {
        using var store = new Store();
        await store.RegisterAsync("m", "1", active: false);
        await store.RegisterAsync("m", "2", active: true);
        var counting = new CountingDocumentStore(store.Documents);
        var registry = new ModelRegistry(null!, counting, TimeProvider.System);
        Assert.Equal("m@2", (await registry.FindAsync("m", CancellationToken.None))!.Reference);
        Assert.Null(await registry.FindAsync("n", CancellationToken.None));
        Assert.Equal((2, 1), (counting.Queries, counting.Documents));
    }

    [Theory]
    [InlineData(double.NaN, "name", 100)]
    [InlineData(-0.1, "name", 100)]
    [InlineData(1.1, "name", 100)]
    [InlineData(0.5, "card.name", 100)]
    [InlineData(0.5, "-", 100)]
    [InlineData(0.5, "name", 0)]
    [InlineData(0.5, "name", 1001)]
    public async Task What_cannot_be_asked_is_refused(double least, string sort, int pageSize)
    {
        using var store = new Store();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => new ModelCatalog(store.Documents).QueryAsync(
            new ModelQuery { MinAccuracy = least, Sort = sort, PageSize = pageSize }, CancellationToken.None));
        Assert.Equal("query-invalid", refused.Problem.Code);
    }

    private static async Task<ModelQuality?> QualityAsync(PipelineFixture fixture) =>
        (await fixture.Runtime.Models.GetAsync("topic", CancellationToken.None)).Quality;

    private sealed class Store : IDisposable
    {
        private readonly TemporaryFolder folder = new();

        public Store() => Documents = new SqliteDocumentStore(folder.File("documents.db"));

        public SqliteDocumentStore Documents { get; }

        public static ModelVersion Version(string name, string version, bool active) => ModelSamples.Version(name, version, active);

        public static EvaluationOutcome Outcome(string id, string model, double? value, DateTimeOffset finished) => new(
            id, model, "d", "text-classification", 100, 0, "accuracy", new MetricEstimate(value, value - 0.01, value + 0.01), new MetricEstimate(value), 1, "reports/x/", finished, ModelSamples.Hash);

        public async Task RegisterAsync(string name, string version, bool active) =>
            await Documents.PutAsync(Containers.Models, Containers.Partition, $"{name}@{version}", Version(name, version, active), null, CancellationToken.None);

        public async Task FinishAsync(string id, string model, double value, DateTimeOffset finished) =>
            await Documents.PutAsync(Containers.Evaluations, Containers.Partition, id, Outcome(id, model, value, finished), null, CancellationToken.None);

        public async Task<ModelVersion> ModelAsync(string reference) =>
            (await Documents.FindAsync<ModelVersion>(Containers.Models, Containers.Partition, reference, CancellationToken.None))!.Value;

        public void Dispose()
        {
            Documents.Dispose();
            folder.Dispose();
        }
    }
}
