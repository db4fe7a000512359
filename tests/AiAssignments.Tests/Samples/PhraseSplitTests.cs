using AiAssignments.Pipeline.Samples;

namespace AiAssignments.Tests.Samples;

public class PhraseSplitTests
{
    private static readonly string[] Phrases =
    [
        "a good film", "good", "a good film about bees ", "about bees", "bad", "a bad film", "good film about", "a good film about bees", "film",
    ];

    [Fact]
    public void Sentences_are_the_phrases_that_are_part_of_no_other()
    {
        Assert.Equal([2, 5], new PhraseSplit(Phrases).Sentences);
    }

    [Fact]
    public void Parts_are_whole_words_in_a_row()
    {
        var split = new PhraseSplit([.. Phrases, "film about", "be", "a film"]);

        Assert.Equal([0, 1, 2, 3, 6, 7, 8, 9], split.PartsOf([2]).Order());
        Assert.Equal([4, 5, 8], split.PartsOf([5]).Order());
    }
}
