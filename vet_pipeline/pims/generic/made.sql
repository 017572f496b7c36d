SELECT {date: made} AS made FROM vetpipeline_made
