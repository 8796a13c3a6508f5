using System.Globalization;
using TorchSharp;

namespace SourceNet.Training.Tests.Diagnosis;

public class OverfittingTests
{
    /// <summary>The tables of the regularization guide, and what it says about the rows.</summary>
    [Theory]
    [InlineData(0.952, 0.741, Fit.Overfitting)]
    [InlineData(0.938, 0.773, Fit.Overfitting)]
    [InlineData(0.912, 0.801, Fit.Fitting)]
    [InlineData(0.874, 0.793, Fit.Fitting)]
    [InlineData(0.782, 0.721, Fit.Underfitting)]
    [InlineData(0.951, 0.743, Fit.Overfitting)]
    [InlineData(0.946, 0.759, Fit.Overfitting)]
    [InlineData(0.923, 0.798, Fit.Fitting)]
    [InlineData(0.891, 0.802, Fit.Fitting)]
    [InlineData(0.824, 0.761, Fit.Underfitting)]
    [InlineData(0.901, 0.842, Fit.Fitting)]
    public void The_usual_thresholds_separate_the_runs_of_the_guide_as_it_does(double train, double validation, Fit expected)
    {
        var diagnosis = Overfitting.Diagnose([new(0.3, 0.4, train, validation)]);

        Assert.Equal(expected, diagnosis.Verdict);
        Assert.Equal(train - validation, diagnosis.Gap, 1e-12);
        Assert.Equal(double.NaN, diagnosis.LossRatioTrend);
    }

    [Fact]
    public void Numbers_are_those_of_the_last_epochs()
    {
        EpochFit[] history = [new(9, 1, 0, 1), new(1, 2, 0.5, 0.25), new(2, 3, 0.75, 0.5), new(2, 8, 1, 0.5)];

        var diagnosis = Overfitting.Diagnose(history, thresholds: new() { Epochs = 3 });

        Assert.Equal((0.25 + 0.25 + 0.5) / 3, diagnosis.Gap, 1e-12);
        Assert.Equal(0.75, diagnosis.TrainMetric, 1e-12);
        Assert.Equal((2 + 1.5 + 4) / 3, diagnosis.LossRatio, 1e-12);
        // Through three points the line has the slope of the outer two.
        Assert.Equal((4 - 2) / 2.0, diagnosis.LossRatioTrend, 1e-12);
        Assert.Equal((8 - 2) / 2.0, diagnosis.ValidationLossTrend, 1e-12);
    }

    [Fact]
    public void The_slope_is_that_of_the_normal_equations()
    {
        var random = new Random(3);
        double[] values = [.. Enumerable.Range(0, 17).Select(_ => random.NextDouble())];
        var (n, sumX, sumY) = (17.0, 16 * 17 / 2.0, values.Sum());
        var sumXY = values.Select((value, x) => x * value).Sum();
        var sumXX = values.Select((_, x) => (double)x * x).Sum();

        Assert.Equal(((n * sumXY) - (sumX * sumY)) / ((n * sumXX) - (sumX * sumX)), Trend.Slope(values), 1e-12);
    }

    [Fact]
    public void Without_a_metric_a_widening_ratio_with_a_rising_validation_loss_is_overfitting()
    {
        Assert.Equal(Fit.Overfitting, Of((1, 1.6), (0.8, 1.7), (0.6, 1.8)));
        Assert.Equal(Fit.Fitting, Of((1, 1.6), (0.8, 1.5), (0.6, 1.4))); // It still improves.
        Assert.Equal(Fit.Fitting, Of((1, 1.6), (1.5, 1.7), (2, 1.8))); // Both get worse.
        Assert.Equal(Fit.Fitting, Of((1, 1.0), (0.95, 1.05), (0.9, 1.1))); // The losses are near each other.

        static Fit Of(params (double Train, double Validation)[] losses) =>
            Overfitting.Diagnose([.. losses.Select(loss => new EpochFit(loss.Train, loss.Validation))]).Verdict;
    }

    [Fact]
    public void A_tiny_training_loss_alone_is_no_overfitting()
    {
        EpochFit[] history = [new(1e-4, 3e-2, 1, 0.99), new(8e-5, 2.9e-2, 1, 0.991)];

        Assert.Equal(Fit.Fitting, Overfitting.Diagnose(history).Verdict);
    }

    [Fact]
    public void Losses_that_are_not_positive_have_no_ratio()
    {
        var diagnosis = Overfitting.Diagnose([new(-1, 2), new(-2, 3)]);

        Assert.Equal((double.NaN, double.NaN, Fit.Fitting), (diagnosis.LossRatio, diagnosis.LossRatioTrend, diagnosis.Verdict));
    }

    [Fact]
    public void Thresholds_can_be_set()
    {
        EpochFit[] history = [new(0.5, 0.6, 0.7, 0.6)];

        Assert.Equal(Fit.Underfitting, Overfitting.Diagnose(history).Verdict);
        Assert.Equal(Fit.Fitting, Overfitting.Diagnose(history, thresholds: new() { TrainMetric = 0 }).Verdict);
        Assert.Equal(Fit.Overfitting, Overfitting.Diagnose(history, thresholds: new() { Gap = 0.05 }).Verdict);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FitThresholds { Gap = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FitThresholds { TrainMetric = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FitThresholds { LossRatio = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FitThresholds { Epochs = 1 });
    }

    [Fact]
    public void What_cannot_be_judged_is_told()
    {
        Assert.Throws<ArgumentException>(() => Overfitting.Diagnose([]));
        var exception = Assert.Throws<ArgumentException>(() => Overfitting.Diagnose(
            [new(1, 1), new(1, 1), new(1, double.NaN)],
            thresholds: new() { Epochs = 2 }));
        Assert.Contains("Epoch 3 has losses 1 and NaN", exception.Message);
    }

    [Fact]
    public void The_history_of_a_trainer_can_be_judged()
    {
        var epoch = new EpochResult(1, 1e-3, 0.2, 0.1, 0.99, 0.9, 0.7, Seconds: 1);

        var diagnosis = Overfitting.Diagnose(History(epoch));

        Assert.Equal((Fit.Overfitting, 9), (diagnosis.Verdict, Math.Round(diagnosis.LossRatio, 9)));
        Assert.Equal(0.29, diagnosis.Gap, 1e-12);
        Assert.Equal(double.NaN, Overfitting.Diagnose(History(epoch with { TrainMetric = null, ValidationMetric = null })).Gap);
        Assert.Contains("validation data", Assert.Throws<ArgumentException>(() => Overfitting.Diagnose(History(epoch with { ValidationLoss = null }))).Message);

        static TrainingHistory History(EpochResult epoch) => new("Model", "accuracy", [epoch], epoch, StoppedEarly: false);
    }

    [Fact]
    public void Against_overfitting_the_checklist_names_what_is_missing_and_what_is_there()
    {
        using var model = new NormedModel();

        var steps = Overfitting.Diagnose([new(0.1, 0.9, 0.99, 0.7)], model.RegularizationPlan, augments: false).NextSteps;

        Assert.Equal(
            [StepState.Missing, StepState.Declared, StepState.Declared, StepState.Declared, StepState.Unknown, StepState.Unknown],
            steps.Select(step => step.State));
        Assert.StartsWith("Add data augmentation", steps[0].Advice);
        Assert.Equal("Raise weight decay.", steps[1].Advice);
        Assert.All(steps[1].Declared, entry => Assert.Equal((RegularizationKind.WeightDecay, "0.001"), (entry.Kind, entry.Strength)));
        Assert.NotEmpty(steps[1].Declared);
        Assert.Equal((RegularizationKind.Dropout, "0.3"), steps[2].Declared.Select(entry => (entry.Kind, entry.Strength)).Single());
        Assert.Equal(RegularizationKind.BatchNorm, steps[3].Declared.Single().Kind);
        Assert.StartsWith("Reduce the capacity", steps[4].Advice);
        Assert.Equal("Collect more data.", steps[5].Advice);
    }

    [Fact]
    public void Against_underfitting_the_first_step_is_what_is_declared()
    {
        using var model = new NormedModel();

        var steps = Overfitting.Diagnose([new(0.9, 0.9, 0.5, 0.5)], model.RegularizationPlan).NextSteps;

        Assert.Equal("Remove or reduce regularization.", steps[0].Advice);
        Assert.Equal([RegularizationKind.Dropout, RegularizationKind.WeightDecay], steps[0].Declared.Select(entry => entry.Kind).Distinct().Order());
        Assert.Equal(["Increase the capacity: more or wider layers.", "Train longer.", "Reduce the learning rate."], steps.Skip(1).Select(step => step.Advice));
    }

    [Fact]
    public void Early_stopping_that_is_declared_is_named_where_training_should_go_on()
    {
        var plan = new RegularizationPlan([new("training", RegularizationKind.EarlyStopping, "5", Provenance.Explicit)]);

        var step = Overfitting.Diagnose([new(0.9, 0.9, 0.5, 0.5)], plan).NextSteps[2];

        Assert.Equal(("Train longer, with more patience.", "5"), (step.Advice, step.Declared.Single().Strength));
    }

    [Fact]
    public void A_strength_of_zero_is_missing_and_without_a_plan_nothing_is_known()
    {
        EpochFit[] history = [new(0.1, 0.9, 0.99, 0.7)];
        var off = new RegularizationPlan([new("hidden", RegularizationKind.Dropout, "0", Provenance.Explicit)]);

        Assert.Equal(StepState.Missing, Overfitting.Diagnose(history, off).NextSteps[2].State);
        Assert.All(Overfitting.Diagnose(history).NextSteps, step => Assert.Equal(StepState.Unknown, step.State));
        Assert.Equal(StepState.Declared, Overfitting.Diagnose(history, augments: true).NextSteps[0].State);
    }

    [Fact]
    public void Images_that_are_mixed_are_augmented()
    {
        var plan = new RegularizationPlan([new("batches", RegularizationKind.MixUp, "0.2", Provenance.Explicit)]);

        var step = Overfitting.Diagnose([new(0.1, 0.9, 0.99, 0.7)], plan).NextSteps[0];

        Assert.Equal((StepState.Declared, RegularizationKind.MixUp), (step.State, step.Declared.Single().Kind));
    }

    [Fact]
    public void A_model_that_fits_needs_no_step() => Assert.Empty(Overfitting.Diagnose([new(0.3, 0.4, 0.9, 0.85)], RegularizationPlan.Empty).NextSteps);

    [Fact]
    public void The_text_is_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("sv-SE");
            var plan = new RegularizationPlan([new("hidden.dropout", RegularizationKind.Dropout, "0.3", Provenance.Explicit)]);
            var text = Overfitting.Diagnose([new(0.5, 0.75, 0.99, 0.7), new(0.4, 0.8, 0.99, 0.7)], plan).ToString();

            Assert.StartsWith(
                "Overfitting, gap 0.29, training metric 0.99, validation loss 1.75 times the training loss (+0.5 per epoch)\n1. Add data augmentation",
                text);
            Assert.Contains(
                "\n2. Add weight decay: start with 1e-4, and raise it while the model overfits. (missing)\n3. Raise dropout.\n   Dropout(0.3) on "
                    + "hidden.dropout\n4.",
                text);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
