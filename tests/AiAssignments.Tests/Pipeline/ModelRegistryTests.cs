using AiAssignments.Core.Errors;
using AiAssignments.Inference.Models;
using AiAssignments.Pipeline.Models;
using AiAssignments.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Pipeline;

public sealed class ModelRegistryTests
{
    [Fact]
    public async Task The_same_content_is_registered_once_and_its_name_stands_for_it()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var first = await fixture.ModelAsync("topic");
        var again = await fixture.ModelAsync("topic");
        Assert.Equal(first.Reference, again.Reference);
        Assert.Single(await fixture.Runtime.Models.ListAsync(CancellationToken.None));
        Assert.Equal(first.Reference, (await fixture.Runtime.Models.GetAsync("topic", CancellationToken.None)).Reference);
    }

    [Fact]
    public async Task A_new_version_stands_for_the_name_only_when_activated()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var first = await fixture.ModelAsync("topic");
        var path = Path.Combine(PipelineFixture.ModelsFolder, "topic");
        var second = await fixture.Runtime.Models.RegisterAsync(path, new ModelOverrides { Version = "2" }, activate: false, CancellationToken.None);
        Assert.False(second.Active);
        Assert.Equal(first.Reference, (await fixture.Runtime.Models.GetAsync("topic", CancellationToken.None)).Reference);

        await fixture.Runtime.Models.RegisterAsync(path, new ModelOverrides { Version = "2" }, activate: true, CancellationToken.None);
        Assert.Equal("topic@2", (await fixture.Runtime.Models.GetAsync("topic", CancellationToken.None)).Reference);
        Assert.Single(await fixture.Runtime.Models.ActiveAsync(first.Card.Task, CancellationToken.None));
    }

    [Fact]
    public async Task Registered_by_two_processes_at_once_a_version_is_one_and_its_name_stands_for_it()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        ModelVersion? other = null;
        var documents = new MomentDocumentStore(fixture.Runtime.Documents);
        documents.BeforePut = async _ =>
        {
            documents.BeforePut = null;
            other = await fixture.Runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, "topic"), null, activate: false, CancellationToken.None);
        };

        var version = await new ModelRegistry(fixture.Runtime.Blobs, documents, new FakeTimeProvider(DateTimeOffset.UnixEpoch))
            .RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, "topic"), null, activate: false, CancellationToken.None);

        Assert.NotNull(other);
        Assert.Equal((other.Reference, other.RegisteredAt, true), (version.Reference, version.RegisteredAt, version.Active));
        Assert.Equal(other.RegisteredAt, (await fixture.Runtime.Models.GetAsync("topic", CancellationToken.None)).RegisteredAt);
    }

    [Fact]
    public async Task Promoted_by_two_processes_at_once_one_version_of_a_name_stays_active()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var first = await fixture.ModelAsync("topic");
        await fixture.Runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, "topic"), new ModelOverrides { Version = "2" }, activate: false, CancellationToken.None);

        // The first is promoted, sees the second as active, and is retired before it retires that.
        var documents = new MomentDocumentStore(fixture.Runtime.Documents);
        var puts = 0;
        documents.BeforePut = async _ =>
        {
            if (++puts == 2)
            {
                await fixture.Runtime.Models.PromoteAsync("topic@2", CancellationToken.None);
            }
        };
        await fixture.Runtime.Models.PromoteAsync("topic@2", CancellationToken.None);
        await new ModelRegistry(fixture.Runtime.Blobs, documents, TimeProvider.System).PromoteAsync(first.Reference, CancellationToken.None);

        Assert.Equal(4, puts);
        Assert.Equal(first.Reference, Assert.Single(await fixture.Runtime.Models.ActiveAsync(first.Card.Task, CancellationToken.None)).Reference);
    }

    [Fact]
    public async Task Samples_are_registered_unless_others_are_there()
    {
        var samples = Directory.GetDirectories(PipelineFixture.ModelsFolder);
        await using (var fixture = await PipelineFixture.OpenAsync())
        {
            // Another process is half done.
            await fixture.ModelAsync("fashion");
            await fixture.Runtime.Models.RegisterSamplesAsync(samples, CancellationToken.None);
            Assert.Equal(["entity", "fashion", "sentiment", "topic"], (await fixture.Runtime.Models.ListAsync(CancellationToken.None)).Select(version => version.Card.Name));
            Assert.All(await fixture.Runtime.Models.ListAsync(CancellationToken.None), version => Assert.True(version.Active));
        }

        await using (var fixture = await PipelineFixture.OpenAsync())
        {
            await fixture.Runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, "topic"), new ModelOverrides { Name = "mine" }, activate: false, CancellationToken.None);
            await fixture.Runtime.Models.RegisterSamplesAsync(samples, CancellationToken.None);
            Assert.Equal("mine", Assert.Single(await fixture.Runtime.Models.ListAsync(CancellationToken.None)).Card.Name);
        }
    }

    [Fact]
    public async Task Other_content_under_the_same_version_is_refused()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        await fixture.Runtime.Models.RegisterAsync(
            Path.Combine(PipelineFixture.ModelsFolder, "topic"), new ModelOverrides { Name = "m", Version = "1" }, activate: true, CancellationToken.None);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => fixture.Runtime.Models.RegisterAsync(
            Path.Combine(PipelineFixture.ModelsFolder, "sentiment"), new ModelOverrides { Name = "m", Version = "1" }, activate: true, CancellationToken.None));
        Assert.Equal("model-version-exists", refused.Problem.Code);
    }

    [Fact]
    public async Task A_version_that_is_registered_again_with_other_content_scores_with_it()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var dataset = await fixture.SampleAsync("topics.jsonl");
        var options = new Core.Evaluations.EvaluationOptions { BootstrapSamples = 100 };
        var before = await fixture.ResultAsync((await fixture.EvaluateAsync(await RegisterAsync(["World", "Sports", "Business", "Sci/Tech"]), dataset, options)).Outcome!);
        await fixture.Runtime.Models.DeleteModelAsync("m", CancellationToken.None);
        var after = await fixture.ResultAsync((await fixture.EvaluateAsync(await RegisterAsync(["Sci/Tech", "Business", "Sports", "World"]), dataset, options)).Outcome!);

        Assert.True(before.Classification!.Accuracy.Value > 0.7);
        Assert.True(after.Classification!.Accuracy.Value < 0.3);

        Task<AiAssignments.Pipeline.Models.ModelVersion> RegisterAsync(string[] labels) => fixture.Runtime.Models.RegisterAsync(
            Path.Combine(PipelineFixture.ModelsFolder, "topic"), new ModelOverrides { Name = "m", Version = "1", Labels = labels }, activate: true, CancellationToken.None);
    }

    [Fact]
    public async Task An_unknown_model_is_answered_with_the_known_ones()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        await fixture.ModelAsync("topic");
        var refused = await Assert.ThrowsAsync<ProblemException>(() => fixture.Runtime.Models.GetAsync("topik", CancellationToken.None));
        Assert.Equal("model-not-found", refused.Problem.Code);
        Assert.Contains("topic@", refused.Problem.Message, StringComparison.Ordinal);
    }

    [SharedDataFact("models/resnet-cifar10/resnet20.onnx", "cifar10/data_batch_1.first1017.bin")]
    public async Task A_single_file_with_options_reaches_its_published_accuracy_on_training_images()
    {
        // Published: 91.73 % on the test images. These are training images, on which it must be far above 90 %.
        await using var fixture = await PipelineFixture.OpenAsync();
        var model = await fixture.Runtime.Models.RegisterAsync(
            SharedData.PathOf("models/resnet-cifar10/resnet20.onnx"),
            new ModelOverrides
            {
                Task = Core.Models.ModelTask.ImageClassification,
                Labels = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
                ImageMean = [0.485, 0.456, 0.406],
                ImageStd = [0.229, 0.224, 0.225],
            },
            activate: true,
            CancellationToken.None);
        var dataset = await fixture.Runtime.Datasets.RegisterAsync(
            SharedData.PathOf("cifar10/data_batch_1.first1017.bin"), Core.Datasets.DatasetOptions.Default, CancellationToken.None);
        var job = await fixture.EvaluateAsync(model, dataset);
        Assert.Equal(1017, job.Outcome!.Records);
        Assert.InRange(job.Outcome.Headline.Value!.Value, 0.97, 1);
    }
}
