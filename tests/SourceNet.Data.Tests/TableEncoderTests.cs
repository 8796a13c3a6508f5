using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Data.Tests;

/// <summary>Rows as tensors.</summary>
public sealed class TableEncoderTests : IDisposable
{
    private const string Passengers = """
        age,fare,port,class,survived
        20,7,S,third,no
        ,8,C,first,yes
        40,9,,third,no
        60,100,S,first,yes
        90,,Q,second,yes
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Numbers_categories_and_classes_are_tensors()
    {
        var table = Read();
        var encoder = TableEncoder.Fit(table, [0, 1, 2, 3], [Feature.Category("port"), Feature.Number("fare"), Feature.Category("class")],
            Target.Class("survived"));
        using var encoded = encoder.Encode(table, [3, 0, 2]);

        Assert.Equal([100, 7, 9], encoded.Features.data<float>().ToArray());
        Assert.Equal(ScalarType.Float32, encoded.Features.dtype);
        // Ports C and S, classes first and third, from 1 on in ordinal order; the missing port is 0.
        Assert.Equal([2, 1, 2, 2, 0, 2], encoded.Categories.data<long>().ToArray());
        Assert.Equal([3, 3], encoder.CategoryCounts);
        Assert.Equal([1, 0, 0], encoded.Targets.data<long>().ToArray());
        Assert.Equal(["no", "yes"], encoder.ClassNames);
        Assert.Equal(["fare"], encoder.FeatureNames);
    }

    [Fact]
    public void What_the_training_rows_do_not_have_is_index_0()
    {
        var table = Read();
        using var encoded = TableEncoder.Fit(table, [0, 1], [Feature.Category("port"), Feature.Category("class")], Target.Class("survived")).Encode(table,
            [4, 0]);

        Assert.Equal([0, 0, 2, 2], encoded.Categories.data<long>().ToArray());
    }

    [Theory]
    [InlineData(MissingValues.Mean, new[] { 20, 40f, 90 })]
    [InlineData(MissingValues.Median, new[] { 20, 40f, 90 })]
    [InlineData(MissingValues.Indicator, new[] { 20, 0, 40f, 1, 90, 0 })]
    public void Missing_numbers_are_those_of_the_training_rows(MissingValues missing, float[] features)
    {
        var table = Read();
        var encoder = TableEncoder.Fit(table, [0, 1, 2, 3], [Feature.Number("age", missing)], Target.Class("survived"));
        using var encoded = encoder.Encode(table, [0, 1, 4]);

        Assert.Equal(features, encoded.Features.data<float>().ToArray());
        Assert.Equal(missing == MissingValues.Indicator ? ["age", "age is missing"] : ["age"], encoder.FeatureNames);
    }

    [Fact]
    public void Mean_and_median_differ_where_they_should()
    {
        var table = Csv("x,y\n1,0\n2,0\n9,0\n,0\n");
        Assert.Equal(4, Filled(MissingValues.Mean));
        Assert.Equal(2, Filled(MissingValues.Median));

        float Filled(MissingValues missing)
        {
            using var encoded = TableEncoder.Fit(table, [0, 1, 2, 3], [Feature.Number("x", missing)], Target.Number("y")).Encode(table, [3]);
            return encoded.Features.item<float>();
        }
    }

    [Fact]
    public void Numbers_are_standardized_by_the_training_rows()
    {
        var table = Csv("x,y,z\n1,0,5\n3,0,5\n,0,5\n1000,0,5\n");
        var encoder = TableEncoder.Fit(table, [0, 1, 2], [Feature.Number("x", MissingValues.Mean, standardize: true), Feature.Number("z", standardize: true)],
            Target.Number("y"));
        using var encoded = encoder.Encode(table);

        // Mean 2 and deviation 1; a column of one value is 0.
        Assert.Equal([-1, 0, 1, 0, 0, 0, 998, 0], encoded.Features.data<float>().ToArray());
    }

    [Fact]
    public void Nothing_of_other_rows_leaks_into_what_is_learned()
    {
        Feature[] features = [Feature.Number("age", MissingValues.Median, standardize: true), Feature.Number("fare", MissingValues.Indicator),
            Feature.Category("port")];
        var table = Read();
        var other = Csv(Passengers.Replace("60,100,S,first", "-500,1e9,X,zeroth").Replace("90,,Q", "7,7,Y"));
        using var one = TableEncoder.Fit(table, [0, 1, 2], features, Target.Class("survived")).Encode(table, [0, 1, 2]);
        using var two = TableEncoder.Fit(other, [0, 1, 2], features, Target.Class("survived")).Encode(other, [0, 1, 2]);

        Assert.Equal(one.Inputs, two.Inputs);
        Assert.Equal(one.Categories, two.Categories);
    }

    [Fact]
    public void A_number_to_be_found_is_a_column_of_floats()
    {
        var table = Read();
        using var encoded = TableEncoder.Fit(table, [0, 1], [Feature.Category("port")], Target.Number("fare")).Encode(table, [2, 3]);

        Assert.Equal((ScalarType.Float32, "2, 1"), (encoded.Targets.dtype, string.Join(", ", encoded.Targets.shape)));
        Assert.Equal([9, 100], encoded.Targets.data<float>().ToArray());
        Assert.Equal("2, 0", string.Join(", ", encoded.Features.shape));
    }

    [Fact]
    public void One_tensor_has_the_numbers_and_each_category_one_hot_or_all_categories_in_one_table()
    {
        var table = Read();
        using var encoded = TableEncoder.Fit(table, [0, 1, 2, 3], [Feature.Number("fare"), Feature.Category("port"), Feature.Category("class")],
            Target.Class("survived"))
            .Encode(table, [0, 2]);

        Assert.Equal(
            [
                7, 0, 0, 1, 0, 0, 1,
                9, 1, 0, 0, 0, 0, 1,
            ],
            encoded.Inputs.data<float>().ToArray());
        Assert.Equal([2, 5, 0, 5], encoded.EmbeddingInputs.data<long>().ToArray());
    }

    [Fact]
    public void A_model_learns_from_its_batches_and_nothing_is_left_behind()
    {
        var rows = Enumerable.Range(0, 40).Select(row => $"{row % 4},{(row % 2 == 0 ? "a" : "b")},{(row % 2 == 0 ? "no" : "yes")}\n");
        var table = Csv("x,kind,y\n" + string.Concat(rows));
        var split = DataSplit.Stratified(table.Texts("y"), validation: 0.25, seed: 1);
        var encoder = TableEncoder.Fit(table, split.Train, [Feature.Number("x", standardize: true), Feature.Category("kind")], Target.Class("y"));
        var before = LiveTensors.Count;
        using (var train = encoder.Encode(table, split.Train))
        using (var validation = encoder.Encode(table, split.Validation))
        {
            Assert.Equal((2, 30, 10), (train.Batches(8).Classes, train.Count, validation.Count));
            manual_seed(1);
            using var model = nn.Linear(4, 2);
            var history = new Trainer(model, (output, target) => nn.functional.cross_entropy(output, target), _ => optim.SGD(model.parameters(), 0.5),
                new() { Epochs = 15 })
                .Fit(train.Batches(8, seed: 1, shuffle: true), validation.Batches(8));
            Assert.True(history.Final.ValidationLoss < 0.2, $"{history.Final.ValidationLoss}");
            Assert.Equal([30, 1], train.EmbeddingBatches(30).Epoch(0).Select(batch => batch.Inputs.shape).First());
        }

        Assert.Equal(before, LiveTensors.Count);
    }

    [Fact]
    public void What_cannot_be_encoded_is_told_with_file_line_and_column()
    {
        var table = Read();
        var path = table.Source;

        AssertTold([4], Feature.Number("fare"), "column 'fare': expected a number in the training rows, found none", fit: [4]);
        AssertTold([1], Feature.Number("age"), $"{path}, line 3, column 'age': expected a number, found nothing; MissingValues says what stands for it");
        AssertTold([0], Feature.Number("port"), $"{path}, line 2, column 'port': expected a finite number, found 'S'");
        AssertTold([0], Feature.Number("height"), "expected a column 'height', found 'age', 'fare', 'port', 'class', 'survived'");
        AssertTold([1], Feature.Category("port"), $"{path}, line 3, column 'survived': expected a class of the training rows (no), found 'yes'", fit: [0, 2]);

        void AssertTold(int[] rows, Feature feature, string message, int[]? fit = null) =>
            Assert.Contains(message, Assert.Throws<InvalidDataException>(() =>
                TableEncoder.Fit(table, fit ?? [0, 1, 2, 3], [feature], Target.Class("survived")).Encode(table, rows)).Message);
    }

    [Fact]
    public void Rows_and_features_that_are_not_there_are_told()
    {
        var table = Read();
        Assert.Contains("at least one row", Assert.Throws<ArgumentException>(() =>
            TableEncoder.Fit(table, [], [Feature.Number("fare")], Target.Class("class"))).Message);
        Assert.Contains("at least one feature", Assert.Throws<ArgumentException>(() => TableEncoder.Fit(table, [0], [], Target.Class("class"))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => TableEncoder.Fit(table, [5], [Feature.Number("fare")], Target.Class("class")));
        Assert.Contains("'class' 2 times", Assert.Throws<ArgumentException>(() =>
            TableEncoder.Fit(table, [0], [Feature.Category("class")], Target.Class("class"))).Message);
    }

    private Table Read() => Csv(Passengers);

    private Table Csv(string content) => Table.ReadCsv(folder.Write("passengers.csv", Encoding.UTF8.GetBytes(content)));
}
