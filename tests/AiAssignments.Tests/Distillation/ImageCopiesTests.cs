using AiAssignments.Optimization.Distillation.Students;

namespace AiAssignments.Tests.Distillation;

public class ImageCopiesTests
{
    private static readonly byte[] Image = [.. Enumerable.Range(0, 2 * 6 * 8).Select(i => (byte)(i * 2))];

    [Fact]
    public void The_first_copy_is_the_image()
    {
        Assert.Equal(Image, Copy(new ImageCopies(true, 0.25, 1), 3, 0));
    }

    [Fact]
    public void A_copy_depends_on_its_numbers_alone()
    {
        var copies = new ImageCopies(true, 0.25, 1);
        var distinct = Enumerable.Range(0, 50).Select(copy => Convert.ToHexString(Copy(copies, 3, copy))).Distinct().Count();

        Assert.Equal(Copy(copies, 3, 5), Copy(new ImageCopies(true, 0.25, 1), 3, 5));
        Assert.InRange(distinct, 10, 50);
    }

    [Fact]
    public void Without_shift_and_flip_all_copies_are_the_image()
    {
        Assert.All(Enumerable.Range(0, 10), copy => Assert.Equal(Image, Copy(new ImageCopies(false, 0, 1), 0, copy)));
    }

    [Fact]
    public void Without_shift_a_copy_is_the_image_or_its_mirror()
    {
        byte[] mirror = [.. Image.Chunk(8).SelectMany(row => row.Reverse())];
        var copies = new ImageCopies(true, 0, 1);
        var made = Enumerable.Range(1, 20).Select(copy => Copy(copies, 0, copy)).ToList();

        Assert.All(made, copy => Assert.True(copy.SequenceEqual(Image) || copy.SequenceEqual(mirror)));
        Assert.Contains(made, copy => copy.SequenceEqual(Image));
        Assert.Contains(made, copy => copy.SequenceEqual(mirror));
    }

    [Fact]
    public void A_shifted_copy_moves_rows_and_columns_of_each_plane_alike()
    {
        // At most 2 of 8 columns and 1.5 of 6 rows: the middle is some window of the image, the same in both planes.
        var copies = new ImageCopies(false, 0.25, 9);
        for (var copy = 1; copy < 30; copy++)
        {
            var made = Copy(copies, 4, copy);
            var found = from right in Enumerable.Range(-2, 5)
                        from down in Enumerable.Range(-2, 5)
                        where Middle().All(at => made[At(at.Plane, at.Y, at.X)] == Image[At(at.Plane, at.Y - down, at.X - right)])
                        select (right, down);

            Assert.Single(found);
        }

        static int At(int plane, int y, int x) => (((plane * 6) + y) * 8) + x;
        static IEnumerable<(int Plane, int Y, int X)> Middle() =>
            from plane in Enumerable.Range(0, 2) from y in Enumerable.Range(2, 2) from x in Enumerable.Range(2, 4) select (plane, y, x);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 5)]
    public void The_smallest_images_have_copies(int width, int height)
    {
        var image = new byte[width * height];
        var copies = new ImageCopies(true, 0.5, 1);

        Assert.All(Enumerable.Range(0, 20), copy => copies.Write(image, width, height, 0, copy, new byte[image.Length]));
    }

    private static byte[] Copy(ImageCopies copies, int record, int copy)
    {
        var made = new byte[Image.Length];
        copies.Write(Image, 8, 6, record, copy, made);
        return made;
    }
}
