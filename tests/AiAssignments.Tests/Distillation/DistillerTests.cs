using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Optimization.Distillation;
using AiAssignments.Optimization.Training.Networks;
using AiAssignments.Tests.Support;
using AiAssignments.Tests.Training;

namespace AiAssignments.Tests.Distillation;

/// <summary>The distiller on its own, with functions as teachers and networks' own inputs.</summary>
public class DistillerTests
{
    private static readonly DistillationOptions Quick = new() { Epochs = 5, BatchSize = 32, LearningRate = 0.02, Patience = 5 };

    [Fact]
    public async Task A_killed_training_ends_with_the_same_weights_wherever_it_was_killed()
    {
        using var whole = new TemporaryFolder();
        var options = Quick with { Epochs = 3, Seeds = [1, 5], CheckpointSteps = 2 };
        var moments = new Moments(0);
        var expected = await Bags(options, whole.Path, moments).ConfigureAwait(true);
        Assert.True(moments.Met.Count > 30, $"{moments.Met.Count} moments");

        for (var fatal = 1; fatal <= moments.Met.Count; fatal += 3)
        {
            using var folder = new TemporaryFolder();
            await Assert.ThrowsAsync<Moments.StoppedException>(() => Bags(options, folder.Path, new Moments(fatal)));

            // Threads change nothing either, and a second kill is as good as a first.
            await Assert.ThrowsAnyAsync<Exception>(() => Bags(options with { Threads = 3 }, folder.Path, new Moments(2)));
            var resumed = await Bags(options with { Threads = 1 }, folder.Path, new Moments(0));

            AssertSame(expected, resumed);
        }
    }

    [Fact]
    public async Task A_finished_training_is_not_done_again()
    {
        using var folder = new TemporaryFolder();
        var first = await Bags(Quick, folder.Path, new Moments(0));
        var moments = new Moments(0);
        var second = await Bags(Quick, folder.Path, moments);

        AssertSame(first, second);
        Assert.DoesNotContain("step", moments.Met);
        Assert.Equal(0, second.Facts.TeacherAsked);
        Assert.Equal(400, first.Facts.TeacherAsked);
    }

    [Fact]
    public async Task A_checkpoint_of_another_training_is_not_gone_on_from()
    {
        using var folder = new TemporaryFolder();
        await Bags(Quick with { Epochs = 2 }, folder.Path, new Moments(0));
        var before = Checkpoint(folder);
        var other = await Bags(Quick, folder.Path, new Moments(0));
        using var fresh = new TemporaryFolder();
        var expected = await Bags(Quick, fresh.Path, new Moments(0));
        AssertSame(expected, other);

        // Not even where the one lies in the other's place.
        File.Copy(before, Checkpoint(fresh), overwrite: true);
        AssertSame(expected, await Bags(Quick, fresh.Path, new Moments(0)));

        static string Checkpoint(TemporaryFolder folder) => Directory.GetFiles(folder.File("training"), "*", SearchOption.AllDirectories).Single();
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_not_gone_on_from()
    {
        using var folder = new TemporaryFolder();
        var expected = await Bags(Quick, folder.Path, new Moments(0));
        var file = Directory.GetFiles(folder.File("training"), "*", SearchOption.AllDirectories).Single();
        var bytes = File.ReadAllBytes(file);
        foreach (var damaged in new[] { bytes[..(bytes.Length / 2)], bytes[..20], [.. bytes[..100], (byte)(bytes[100] ^ 1), .. bytes[101..]] })
        {
            File.WriteAllBytes(file, damaged);
            AssertSame(expected, await Bags(Quick, folder.Path, new Moments(0)));
        }
    }

    [Fact]
    public async Task The_seed_that_is_best_by_validation_is_kept()
    {
        using var folder = new TemporaryFolder();
        var trained = await Bags(Quick with { Epochs = 2, LearningRate = 0.004, Seeds = [1, 2, 3, 4] }, folder.Path, new Moments(0));
        var best = trained.Curves.Select(curve => (curve.Seed, Point: curve.Points[curve.BestEpoch - 1])).ToList();
        var expected = best.OrderByDescending(seed => seed.Point.ValidationAccuracy).ThenBy(seed => seed.Point.ValidationLoss).First();

        Assert.Equal([1UL, 2UL, 3UL, 4UL], trained.Curves.Select(curve => curve.Seed));
        Assert.Equal(expected.Seed, trained.Facts.Seed);
        Assert.Equal(4, best.Select(seed => seed.Point.ValidationLoss).Distinct().Count());
    }

    [Fact]
    public async Task Training_stops_when_validation_no_longer_gets_better()
    {
        using var folder = new TemporaryFolder();
        var trained = await Bags(Quick with { Epochs = 200, Patience = 2, LearningRate = 0.1 }, folder.Path, new Moments(0));
        var curve = trained.Curves.Single();

        Assert.InRange(curve.Points.Count, 3, 199);
        Assert.Equal(curve.Points.Count - 2, curve.BestEpoch);
        Assert.Equal(curve.Points.Min(point => point.ValidationLoss), curve.Points[curve.BestEpoch - 1].ValidationLoss);
    }

    [Fact]
    public async Task A_tagger_learns_from_the_teacher_alone()
    {
        var (inputs, labels) = ToyTasks.Sentences(400, 1);
        using var folder = new TemporaryFolder();
        var teacher = new FunctionTeacher(
            ModelTask.TokenClassification,
            ["O", "B-X"],
            record => [.. labels[record.Position.Index].SelectMany(label => new[] { label == 1 ? -2f : 2f, label == 1 ? 2f : -2f })]);
        var trained = await new Distiller<int[]>(teacher, Quick with { Alpha = 1, Epochs = 15 }, folder.Path).RunAsync(
            new DistillationExamples<int[]>
            {
                Inputs = inputs,
                Labels = new int[]?[400],
                Usable = [.. Enumerable.Repeat(true, 400)],
                TeacherRecords = (first, count) => [.. Enumerable.Range(first, count).Select(i => new WordsRecord(new(i, 0), [.. labels[i].Select(_ => "w")], null, []))],
                Create = seed => TaggingNetwork.Create(new TaggingNetworkOptions(16, 2, 8, 3, 16, 2), seed),
                ContentKey = "sentences",
                TrainingKey = "sentences",
            },
            null,
            CancellationToken.None);

        Assert.True(trained.Facts.Agreement > 0.97, $"{trained.Facts}");
        Assert.Null(trained.Facts.StudentAccuracy);
        Assert.Equal(trained.Facts.TrainingRecords, trained.Facts.UnlabelledRecords);
    }

    [Fact]
    public async Task Progress_rises_and_tells_each_epoch()
    {
        using var folder = new TemporaryFolder();
        var told = new List<DistillationProgress>();
        await Bags(Quick with { Seeds = [1, 2] }, folder.Path, new Moments(0), progress: new Teller(told));

        Assert.Equal(told.Select(one => one.Share).Order(), told.Select(one => one.Share));
        Assert.Equal(["teacher", "training"], told.Select(one => one.Phase).Distinct());
        Assert.Equal((400, 400), (told[0].Answered, told[0].ToAnswer));
        Assert.Equal([1UL, 2UL], told.Where(one => one.Seed is not null).Select(one => one.Seed!.Value).Distinct());
        Assert.True(told.Count(one => one.Epoch is not null) > 4);
    }

    [Fact]
    public async Task A_loss_that_is_no_number_ends_it_with_a_reason()
    {
        using var folder = new TemporaryFolder();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Bags(Quick, folder.Path, new Moments(0), spoil: network => network.Output.Bias.Values[0] = float.NaN));

        Assert.Equal("distill-diverged", refused.Problem.Code);
    }

    [Fact]
    public async Task It_can_be_cancelled()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var met = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Bags(Quick, folder.Path, moment: _ =>
        {
            if (++met == 5)
            {
                source.Cancel();
            }
        }, cancellationToken: source.Token));

        Assert.Equal(5, met);
    }

    private static Task<DistilledNetwork<int[]>> Bags(
        DistillationOptions options, string folder, Moments moments, IProgress<DistillationProgress>? progress = null, Action<TextNetwork>? spoil = null) =>
        Bags(options, folder, moments.Meet, progress, spoil);

    private static Task<DistilledNetwork<int[]>> Bags(
        DistillationOptions options,
        string folder,
        Action<string> moment,
        IProgress<DistillationProgress>? progress = null,
        Action<TextNetwork>? spoil = null,
        CancellationToken cancellationToken = default)
    {
        var (inputs, labels) = ToyTasks.Bags(400, 1);
        var teacher = new FunctionTeacher(ModelTask.TextClassification, ["a", "b"], record => labels[record.Position.Index] == 0 ? [1.5f, -1.5f] : [-1.5f, 1.5f]);
        return new Distiller<int[]>(teacher, options, folder) { Moment = moment }.RunAsync(
            new DistillationExamples<int[]>
            {
                Inputs = inputs,
                Labels = [.. labels.Select((label, i) => i % 3 == 0 ? null : new[] { label })],
                Usable = [.. Enumerable.Repeat(true, 400)],
                TeacherRecords = (first, count) => [.. Enumerable.Range(first, count).Select(i => new TextRecord(new(i, 0), "t", null, null, []))],
                Create = seed =>
                {
                    var network = TextNetwork.Create(new TextNetworkOptions(32, 8, 16, 2, 0.1f, 0.2f), seed);
                    spoil?.Invoke(network);
                    return network;
                },
                ContentKey = "bags",
                TrainingKey = $"{options.Epochs} {options.LearningRate} {string.Join(' ', options.Seeds)}",
            },
            progress,
            cancellationToken);
    }

    private static void AssertSame(DistilledNetwork<int[]> expected, DistilledNetwork<int[]> actual)
    {
        Assert.All(expected.Network.Parameters.Zip(actual.Network.Parameters), pair => Assert.Equal(pair.First.Values, pair.Second.Values));
        Assert.Equal(expected.Facts.Seed, actual.Facts.Seed);
        Assert.Equal(expected.Curves.SelectMany(curve => curve.Points), actual.Curves.SelectMany(curve => curve.Points));
    }

    private sealed class Teller(List<DistillationProgress> told) : IProgress<DistillationProgress>
    {
        public void Report(DistillationProgress value) => told.Add(value);
    }
}
