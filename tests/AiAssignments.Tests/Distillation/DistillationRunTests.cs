using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Tokenization;
using AiAssignments.Optimization.Distillation.Teachers;
using AiAssignments.Pipeline.Optimizations.Distillation;
using AiAssignments.Tests.Pipeline;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Distillation;

/// <summary>From a teacher and records to a model folder.</summary>
public class DistillationRunTests
{
    [Fact]
    public async Task A_student_is_a_model_folder_with_its_lineage()
    {
        using var folder = new TemporaryFolder();
        var dataset = TextTask.Dataset(300, 1, labelledShare: 0.8);
        var result = await DistillationRun.RunAsync(TextTask.Teacher(), dataset, TextTask.Options, folder.Path);

        Assert.Equal(folder.File("student"), result.Folder);
        Assert.Equal(["model-card.json", "model.onnx"], Directory.GetFiles(result.Folder).Select(Path.GetFileName).Order());
        Assert.False(Directory.Exists(folder.File("student.partial")));
        var package = ModelFolder.Open(result.Folder);
        Assert.Equal("function-student", package.Card.Name);
        Assert.Equal(TextTask.Labels, package.Card.Labels);
        Assert.Equal(new ModelLineage("function@1", "distill:T=3,a=0.5,student=hashed-ngrams-1024x8"), package.Card.Lineage);
        Assert.Equal(
            [
                "accuracy (30 records of made-up.jsonl held out to choose epoch and seed)",
                "agreement with the teacher (the same records)",
                "teacher's accuracy (the same records)",
            ],
            package.Card.Claims!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((270, 30, 0), (result.Facts.TrainingRecords, result.Facts.ValidationRecords, result.Facts.SkippedRecords));
        Assert.Equal(1.0, result.Facts.TeacherAccuracy);
        Assert.InRange(result.Facts.UnlabelledRecords, 30, 80);
        Assert.InRange(result.LargestDifference, 0, 1e-5);
        Assert.Equal(TextTask.Options.Epochs, result.Curves.Single().Points.Count);
    }

    [Fact]
    public async Task A_student_can_be_registered()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        using var folder = new TemporaryFolder();
        var result = await DistillationRun.RunAsync(TextTask.Teacher(), TextTask.Dataset(200, 1), TextTask.Options, folder.Path);
        var version = await fixture.Runtime.Models.RegisterAsync(result.Folder, null, activate: false, CancellationToken.None);

        Assert.Equal(result.Card.Version, version.Card.Version);
        Assert.Equal("function@1", version.Card.Lineage!.DerivedFrom);
    }

    [Fact]
    public async Task The_same_arguments_give_the_same_student()
    {
        using var one = new TemporaryFolder();
        using var other = new TemporaryFolder();
        var first = await DistillationRun.RunAsync(TextTask.Teacher(), TextTask.Dataset(200, 1), TextTask.Options with { Threads = 1 }, one.Path);
        var second = await DistillationRun.RunAsync(TextTask.Teacher(), TextTask.Dataset(200, 1), TextTask.Options with { Threads = 3 }, other.Path);

        AssertSame(first, second);
    }

    [Fact]
    public async Task A_run_killed_anywhere_leaves_no_half_student_and_goes_on_to_the_same()
    {
        using var whole = new TemporaryFolder();
        var dataset = TextTask.Dataset(120, 1);
        var options = TextTask.Options with { Epochs = 2 };
        var all = new Moments(0);
        var expected = await Run(whole, all);
        await Run(whole, all);
        Assert.Subset(all.Met.ToHashSet(), new HashSet<string> { "answers", "step", "checkpoint", "graph", "card", "old" });
        for (var fatal = 1; fatal <= all.Met.Count; fatal++)
        {
            using var folder = new TemporaryFolder();
            var moments = new Moments(fatal);
            try
            {
                await Run(folder, moments);

                // What stands after the first run is met by a second one, which replaces its student.
                await Run(folder, moments);
                Assert.Fail("It was not stopped.");
            }
            catch (Moments.StoppedException)
            {
                if (Directory.Exists(folder.File("student")))
                {
                    AssertSame(expected, expected with { Folder = folder.File("student") });
                }
            }

            AssertSame(expected, await Run(folder, new Moments(0)));
        }

        Task<DistillationResult> Run(TemporaryFolder folder, Moments moments) =>
            DistillationRun.RunAsync(TextTask.Teacher(), dataset, options, folder.Path, null, moments.Meet, CancellationToken.None);
    }

    [Fact]
    public async Task A_student_of_few_and_noisy_labels_is_better_taught_than_alone()
    {
        // A third of the labels are wrong and most records have none: what the teacher says of all of them is worth more.
        var dataset = TextTask.Dataset(1500, 1, labelledShare: 0.15, wrongShare: 0.3);
        var test = TextTask.Dataset(600, 2);
        using var one = new TemporaryFolder();
        using var other = new TemporaryFolder();
        var options = TextTask.Options with { Epochs = 12 };
        var taught = await AccuracyAsync((await DistillationRun.RunAsync(TextTask.Teacher(), dataset, options, one.Path)).Folder, test);
        var alone = await AccuracyAsync((await DistillationRun.RunAsync(TextTask.Teacher(), dataset, options with { Alpha = 0 }, other.Path)).Folder, test);

        Assert.True(taught > 0.9, $"{taught}");
        Assert.True(taught > alone + 0.15, $"{taught}, {alone}");
    }

    [Fact]
    public async Task Labels_alone_ask_no_teacher_and_leave_out_what_has_none()
    {
        using var folder = new TemporaryFolder();
        var teacher = TextTask.Teacher();
        var result = await DistillationRun.RunAsync(teacher, TextTask.Dataset(300, 1, labelledShare: 0.5), TextTask.Options with { Alpha = 0 }, folder.Path);

        Assert.Equal(0, teacher.Asked);
        Assert.Null(result.Facts.Agreement);
        Assert.InRange(result.Facts.SkippedRecords, 100, 200);
    }

    [Fact]
    public async Task Without_labels_the_teacher_alone_is_learned_from()
    {
        using var folder = new TemporaryFolder();
        var result = await DistillationRun.RunAsync(TextTask.Teacher(), TextTask.Dataset(1500, 1, labelledShare: 0), TextTask.Options with { Alpha = 1, Epochs = 20 }, folder.Path);

        Assert.True(result.Facts.Agreement > 0.85, $"{result.Facts}");
        Assert.Null(result.Facts.StudentAccuracy);
        Assert.Equal(["agreement with the teacher (the same records)"], result.Card.Claims!.Keys);
    }

    [Fact]
    public async Task The_students_labels_may_stand_in_another_order()
    {
        using var folder = new TemporaryFolder();
        var result = await DistillationRun.RunAsync(
            TextTask.Teacher(), TextTask.Dataset(1500, 1), TextTask.Options with { Labels = ["high", "low"], Epochs = 15 }, folder.Path);

        Assert.Equal(["high", "low"], result.Card.Labels);
        var accuracy = await AccuracyAsync(result.Folder, TextTask.Dataset(300, 2));
        Assert.True(accuracy > 0.85, $"{accuracy}");
    }

    [Fact]
    public async Task A_record_with_a_label_that_is_none_of_the_teachers_is_left_out()
    {
        using var folder = new TemporaryFolder();
        var dataset = TextTask.Dataset(500, 1);
        var result = await DistillationRun.RunAsync(
            TextTask.Teacher(),
            dataset with { Records = [.. dataset.Records.Select((record, i) => i == 3 ? (TextRecord)record with { Label = "medium" } : record)] },
            TextTask.Options,
            folder.Path);

        Assert.Equal(1, result.Facts.SkippedRecords);
    }

    [Theory]
    [InlineData("distill-gate-dataset")]
    [InlineData("distill-labels-differ")]
    [InlineData("distill-no-labels")]
    [InlineData("distill-too-few-records")]
    [InlineData("distill-task-differs")]
    [InlineData("distill-option")]
    [InlineData("labels-mismatch")]
    [InlineData("tokenizer-options-invalid")]
    public async Task What_cannot_be_is_refused_and_changes_nothing(string code)
    {
        using var folder = new TemporaryFolder();
        var dataset = TextTask.Dataset(100, 1);
        var options = TextTask.Options;
        ITeacher teacher = TextTask.Teacher();
        switch (code)
        {
            case "distill-gate-dataset":
                options = options with { GateDatasetHash = dataset.ContentHash };
                break;
            case "distill-labels-differ":
                options = options with { Labels = ["low", "higher"] };
                break;
            case "distill-no-labels":
                dataset = TextTask.Dataset(100, 1, labelledShare: 0);
                break;
            case "distill-too-few-records":
                dataset = TextTask.Dataset(19, 1);
                break;
            case "distill-task-differs":
                teacher = new FunctionTeacher(ModelTask.TokenClassification, TextTask.Labels, _ => null);
                break;
            case "distill-option":
                options = options with { Temperature = 0 };
                break;
            case "labels-mismatch":
                teacher = TextTask.Teacher(["yes", "no"]);
                break;
            default:
                options = options with { Text = options.Text with { WordNGrams = 9 } };
                break;
        }

        var refused = await Assert.ThrowsAsync<ProblemException>(() => DistillationRun.RunAsync(teacher, dataset, options, folder.Path));

        Assert.Equal(code, refused.Problem.Code);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_teacher_that_answers_nothing_is_a_reason_to_stop()
    {
        using var folder = new TemporaryFolder();
        var teacher = new FunctionTeacher(ModelTask.TextClassification, TextTask.Labels, _ => null);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => DistillationRun.RunAsync(teacher, TextTask.Dataset(100, 1), TextTask.Options, folder.Path));

        Assert.Equal("distill-too-few-records", refused.Problem.Code);
    }

    [Fact]
    public async Task A_dataset_that_would_not_fit_in_memory_is_refused_before_it_is_read()
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => DistillationDataset.ReadAsync(new HugeSource(), "hash", DatasetOptions.Default, CancellationToken.None));

        Assert.Equal("distill-dataset-too-large", refused.Problem.Code);
    }

    internal static async Task<double> AccuracyAsync(string folder, DistillationDataset test)
    {
        var package = ModelFolder.Open(folder);
        using var scorer = ModelScorer.Create(package, TokenizerLoader.Load(package.Folder, package.Card.Tokenizer!));
        var scored = await scorer.ScoreAsync(test.Records, null, CancellationToken.None);
        return scored.Average(one => package.Card.Labels[one.Prediction!.Best()] == ((TextRecord)one.Record).Label ? 1.0 : 0);
    }

    private static void AssertSame(DistillationResult expected, DistillationResult actual)
    {
        foreach (var file in Directory.GetFiles(expected.Folder))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(actual.Folder, Path.GetFileName(file))));
        }
    }

    private sealed class HugeSource : IDataSource
    {
        public string Name => "huge.csv";

        public long Length => 1L << 40;

        public ValueTask<Stream> OpenReadAsync(long offset, long? length, CancellationToken cancellationToken) => throw new InvalidOperationException("It was read.");
    }
}
