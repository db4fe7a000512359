using AiAssignments.Optimization.Distillation;

namespace AiAssignments.Tests.Distillation;

public class ValidationSplitTests
{
    private static readonly int[] Records = [.. Enumerable.Range(0, 1000).Where(i => i % 7 != 0)];

    [Fact]
    public void It_has_the_same_share_of_each_label()
    {
        var split = ValidationSplit.Draw(Records, Stratum, Alone, 0.2, 1);

        foreach (var group in Records.GroupBy(Stratum))
        {
            Assert.InRange(split.Validation.Count(record => Stratum(record) == group.Key) - (group.Count() * 0.2), -1, 1);
        }

        Assert.InRange(split.Validation.Length - (Records.Length * 0.2), -1, 1);
    }

    [Fact]
    public void Both_parts_together_are_all_and_share_nothing()
    {
        var split = ValidationSplit.Draw(Records, Stratum, Alone, 0.1, 3);

        Assert.Equal(Records, split.Training.Concat(split.Validation).Order());
        Assert.Equal(split.Training.Order(), split.Training);
        Assert.Equal(split.Validation.Order(), split.Validation);
    }

    [Fact]
    public void A_seed_gives_one_split_and_another_another()
    {
        Assert.Equal(ValidationSplit.Draw(Records, Stratum, Alone, 0.1, 3).Validation, ValidationSplit.Draw(Records, Stratum, Alone, 0.1, 3).Validation);
        Assert.NotEqual(ValidationSplit.Draw(Records, Stratum, Alone, 0.1, 3).Validation, ValidationSplit.Draw(Records, Stratum, Alone, 0.1, 4).Validation);
    }

    [Fact]
    public void Many_labels_of_one_record_each_still_give_their_share()
    {
        var split = ValidationSplit.Draw([.. Enumerable.Range(0, 100)], record => record, Alone, 0.1, 1);

        Assert.Equal(10, split.Validation.Length);
    }

    [Fact]
    public void What_is_the_same_is_never_apart()
    {
        // Every content three times, far from each other.
        static int Same(int record) => record % 300;
        int[] records = [.. Enumerable.Range(0, 900)];
        var split = ValidationSplit.Draw(records, record => record % 5, Same, 0.1, 1);

        Assert.Empty(split.Training.Select(Same).Intersect(split.Validation.Select(Same)));
        Assert.Equal(90, split.Validation.Length);
        Assert.Equal(records, split.Training.Concat(split.Validation).Order());
    }

    [Fact]
    public void One_content_in_most_records_still_leaves_both_parts_something()
    {
        var split = ValidationSplit.Draw([.. Enumerable.Range(0, 100)], _ => 0, record => Math.Min(record, 60), 0.2, 1);

        Assert.Equal(20, split.Validation.Length);
        Assert.Contains(60, split.Training);
        Assert.DoesNotContain(split.Validation, record => record >= 60);
    }

    private static int Alone(int record) => record;

    // Rare, common, and without a label.
    private static int Stratum(int record) => record % 20 == 1 ? 0 : record % 3 == 0 ? -1 : 1;
}
